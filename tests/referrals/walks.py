"""A plain model of one referral, written from the table of transitions in words, and people who walk it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from tests.referrals import documents as said
from tests.referrals.conftest import MINE, Loop

LIVE: Final = ("draft", "awaiting_basis", "posted", "sent", "accepted", "on_hold", "in_progress", "reported")
WITH_RECIPIENT: Final = ("sent", "accepted", "on_hold", "in_progress", "reported")
TAKEN_ON: Final = ("accepted", "on_hold", "in_progress", "reported")
AT_WORK: Final = ("accepted", "on_hold", "in_progress")
MONTHS_LATER: Final = 60
"""Days: past every time that ends something, and short of the 90 at which a draft's words go."""

TABLE: Final[Mapping[str, tuple[tuple[str, ...], str | None]]] = {
    "post": (("draft",), "posted"),
    "offer": (("posted",), None),
    "choose": (("posted",), "awaiting_basis"),
    "ask": (("draft",), "awaiting_basis"),
    "take back": (("awaiting_basis",), "draft"),
    "send": (("awaiting_basis",), "sent"),
    "accept": (("sent",), "accepted"),
    "decline": (("sent",), "declined"),
    "question": (("sent", "accepted"), None),
    "answer": (("sent", "accepted"), None),
    "start": (("accepted",), "in_progress"),
    "hold": (("accepted", "in_progress"), "on_hold"),
    "resume": (("on_hold",), "accepted"),
    "return": (("accepted",), "declined"),
    "report": (AT_WORK, "reported"),
    "confirm": (("reported",), "closed"),
    "ask to reopen": (("reported",), None),
    "reopen": (("reported",), "in_progress"),
    "assign": (("sent", *AT_WORK), None),
    "withdraw": (tuple(state for state in LIVE if state != "reported"), "withdrawn"),
    "ask to void": ((*LIVE, "closed", "declined", "expired", "withdrawn"), None),
    "void": ((*LIVE, "closed", "declined", "expired", "withdrawn"), "void"),
}
"""Move → where it may be made, and where it leads; None: the state stays."""
EXPIRES: Final = {
    "awaiting_basis": "draft",
    "posted": "expired",
    "sent": "expired",
    "reported": "closed",
}
BESIDE: Final = ("months pass", "consent is withdrawn")
MOVES: Final = (*TABLE, *BESIDE)


@dataclass(frozen=True)
class Model:
    """What a person who only knows the table would believe."""

    state: str = "draft"
    offered: bool = False
    question: bool = False
    reopening: bool = False
    voiding: bool = False
    begun: bool = False
    rests: bool = False
    consent: bool = True
    months: bool = False

    def after(self, move: str) -> "Model | None":
        """None where the move is refused."""
        if move == "months pass":
            return None if self.months else self._months_later()
        if move == "consent is withdrawn":
            return self._without_consent() if self.consent else None
        origins, target = TABLE[move]
        if self.state not in origins or not self._admits(move):
            return None
        return self._moved(move, target or self.state)

    def opens(self, level: str) -> bool:
        """Whether the recipient may open it."""
        states = WITH_RECIPIENT if level == "L2" else TAKEN_ON
        return self.rests and self.consent and not self.months and self.state in (*states, "closed")

    def _admits(self, move: str) -> bool:
        return {
            "offer": not self.offered,
            "choose": self.offered,
            "send": self.consent and not self.months,
            "question": not self.question,
            "answer": self.question,
            "ask to reopen": not self.reopening,
            "reopen": self.reopening,
            "ask to void": not self.voiding,
            "void": self.voiding,
        }.get(move, True)

    def _moved(self, move: str, target: str) -> "Model":
        if move == "resume" and self.begun:
            target = "in_progress"
        ends = target not in LIVE
        moves_on = target != self.state and not (self.state == "sent" and target == "accepted")
        return replace(
            self,
            state=target,
            offered=move == "offer" or (self.offered and target == "posted"),
            question=move == "question" or (self.question and move != "answer" and not moves_on),
            reopening=move == "ask to reopen" or (self.reopening and target == "reported"),
            voiding=(self.voiding or move == "ask to void") and move != "void",
            begun=(self.begun or move == "start" or target == "in_progress") and not ends,
            rests=self.rests or move == "send",
        )

    def _months_later(self) -> "Model":
        moved = self._moved("time", EXPIRES.get(self.state, self.state))
        return replace(moved, months=True)

    def _without_consent(self) -> "Model":
        ended = self._moved("revoke", "withdrawn") if self.rests and self.state in LIVE else self
        return replace(ended, consent=False)


class Walk:
    """One referral of Ines', with everything that a move on it could need."""

    def __init__(self, loop: Loop, referral: str, consent: Mapping[str, Any], sato: str) -> None:
        self.loop = loop
        self.id = referral
        self.offer = "offer_01890000-0000-7000-8000-000000000000"
        self._consent = consent
        self._sato = sato

    async def make(self, move: str, version: int | None = None) -> bool:
        """Whether it was accepted."""
        if move == "months pass":
            self.loop.cities.stage.clock.move(days=MONTHS_LATER)
            await self.loop.due()
            return True
        if move == "consent is withdrawn":
            consent = {"id": self._consent["id"], "version": self._consent["version"]}
            gone = await self.loop.person("ines").do(said.WITHDRAW_CONSENT, **consent)
            return gone["__typename"] == "ConsentPayload"
        name, mutation, fixed = self._moves()[move]
        if version is None:
            version = (await self.loop.read("ines", self.id) or {})["version"]
        versioned = {} if move == "offer" else {"version": version}
        result = await self.loop.person(name).do(mutation, id=self.id, **versioned, **fixed)
        if result["__typename"] == "OfferPayload":
            self.offer = result["offer"]["id"]
        return result["__typename"] in ("ReferralPayload", "OfferPayload")

    def _moves(self) -> Mapping[str, tuple[str, str, dict[str, Any]]]:
        today = self.loop.today
        declined = {"declinedBy": "PERSON", "code": "NO_CAPACITY"}
        return {
            "post": ("ines", said.POST, {"workingGroupId": self.loop.group}),
            "offer": ("sato", said.OFFER, {}),
            "choose": ("ines", said.CHOOSE, {"offerId": self.offer}),
            "ask": ("ines", said.REQUEST_BASIS, {"recipientId": self.loop.organisations["sato"]}),
            "take back": ("ines", said.TAKE_BACK, {}),
            "send": ("ines", said.SEND, {"consentId": self._consent["id"]}),
            "accept": ("sato", said.ACCEPT, {}),
            "decline": ("sato", said.DECLINE, declined),
            "question": ("sato", said.ASK, {"text": "何曜日がよいですか"}),
            "answer": ("ines", said.ANSWER, {"text": "火曜日です"}),
            "start": ("sato", said.START, {"startedOn": today.isoformat()}),
            "hold": (
                "sato",
                said.HOLD,
                {"code": "WAITLIST", "reviewOn": (today + timedelta(days=20)).isoformat()},
            ),
            "resume": ("sato", said.RESUME, {}),
            "return": ("sato", said.RETURN, declined),
            "report": ("sato", said.REPORT, {"code": "GOT_PART"}),
            "confirm": ("ines", said.CONFIRM, {}),
            "ask to reopen": ("ines", said.ASK_REOPEN, {}),
            "reopen": ("sato", said.REOPEN, {}),
            "assign": ("sato", said.ASSIGN, {"personId": self._sato}),
            "withdraw": ("ines", said.WITHDRAW, {"code": "MOVED"}),
            "ask to void": ("ines", said.ASK_VOID, {}),
            "void": ("mori", said.VOID, {"openBreach": True}),
        }


async def a_walk(loop: Loop) -> Walk:
    case = await loop.case()
    draft = await loop.draft(case)
    sato = (await loop.person("sato").ask(MINE)).data["me"]["id"]
    return Walk(loop, draft["id"], await loop.consent(case, "sato"), sato)
