"""Drives one referral through the product's own doors into the state of its scene, each text marked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from tests.channels.cast import LISTED, Cast, at
from tests.channels.marks import mark
from tests.channels.ways import ON_BOARD_ALONE, Scene
from tests.referrals import bases
from tests.referrals import documents as said

ITEMS: Final = ["NARRATIVE", "CONSTRAINTS", "PERSON_NAME", "ADDRESS", "CONTACT", "SAFETY_NOTES"]
OF_DANGER: Final = ["NARRATIVE", "PERSON_NAME", "ADDRESS"]
NEEDS: Final = ("LEGAL", "LANGUAGE")
URGENCIES: Final = ("NORMAL", "URGENT")
VERSION: Final = "query ($id: ID!) { referral(id: $id) { id version state } }"
BASES: Final = {
    "consent": "CONSENT",
    "council": "COUNCIL_EXCHANGE",
    "sitting": "SUPPORT_MEETING",
    "vital": "VITAL_INTEREST",
}


@dataclass
class Told:
    """A scene as it now stands in the database."""

    scene: Scene
    case: str = ""
    referral: str = ""
    need: str = ""
    urgency: str = ""
    version: int = 1
    consented_until: str = "2027-01-01"


@dataclass
class Teller:
    """`sitting`: called for today, still to be held."""

    cast: Cast
    sitting: str = ""
    items: dict[str, str] = field(default_factory=dict[str, str])

    async def call_sitting(self) -> None:
        called = await bases.a_sitting(self.cast.loop, *LISTED)
        self.sitting = called["id"]

    async def tell(self, scene: Scene, number: int) -> Told:
        """The scene from its first word to its state."""
        told = Told(scene, need=NEEDS[number % 2], urgency=URGENCIES[number // 2 % 2])
        way = _Way(self, told)
        await way.go()
        await way.note_version()
        return told


class _Way:
    """The steps of one scene, each by who may make it."""

    def __init__(self, teller: Teller, told: Told) -> None:
        self._teller = teller
        self._cast = teller.cast
        self._loop = teller.cast.loop
        self._told = told
        self._scene = told.scene
        self._consent_id = self._item = ""

    async def go(self) -> None:
        await self._begin()
        way, state = self._scene.way, self._scene.state
        if state == "draft":
            await self._opened_for_a_purpose()
            return
        if way.group is not None:
            await self._post()
        if state not in ON_BOARD_ALONE:
            await self._to_its_basis()
        if self._scene.was_sent:
            await self._send()
        await self._opened_for_a_purpose()
        await _ENDS[state](self)

    async def note_version(self) -> None:
        self._told.version = (await self._at())["version"]

    def _mark(self, word: str) -> str:
        return mark(word, self._scene.key)

    @property
    def _recipient(self) -> str:
        return self._scene.way.recipient

    @property
    def _sender(self) -> str:
        return self._scene.way.sender

    async def _at(self) -> dict[str, Any]:
        read = await self._loop.person(self._sender).ask(VERSION, id=self._told.referral)
        return at(read.data["referral"])

    async def _step(self, name: str, mutation: str, **given: Any) -> None:
        await self._loop.step(name, mutation, **await self._at(), **given)

    async def _begin(self) -> None:
        person = {
            "narrative": self._mark("story"),
            "constraints": self._mark("limits"),
            "personName": self._mark("name"),
            "address": self._mark("address"),
            "contact": self._mark("contact"),
            "contactRule": "NORMAL",
            "safetyNotes": self._mark("safety"),
        }
        opened = await self._loop.person(self._sender).do(
            said.OPEN_CASE, kind="PERSON", needs=[], person=person
        )
        self._told.case = opened["case"]["id"]
        await self._consent()
        card = {
            "needCategory": self._told.need,
            "urgency": self._told.urgency,
            "ageBand": "OLDEST",
            "area": self._mark("area"),
            "ask": self._mark("ask"),
        }
        made = await self._loop.person(self._sender).do(said.CREATE, caseId=self._told.case, card=card)
        self._told.referral = made["referral"]["id"]

    async def _consent(self) -> None:
        """Every case has one, so that its words can be looked for; a basis it is on the way of consent."""
        today = self._loop.today
        days = 10 if self._scene.state == "basis_ended" else 300
        given = await self._loop.person(self._sender).do(
            said.RECORD_CONSENT,
            caseId=self._told.case,
            items=ITEMS,
            recipientIds=[self._cast.organisations[self._recipient]],
            purpose=self._mark("agreed"),
            howObtained="WRITTEN",
            obtainedOn=today.isoformat(),
            validUntil=(today + timedelta(days=days)).isoformat(),
        )
        assert given["__typename"] == "ConsentPayload", given
        self._consent_id = given["consent"]["id"]
        self._told.consented_until = (today + timedelta(days=days)).isoformat()

    async def _post(self) -> None:
        group = self._cast.groups[self._scene.way.group or ""]
        await self._step(self._sender, said.POST, workingGroupId=group)
        noted = await self._loop.person("hana").do(said.NOTE, id=self._told.referral, body=self._mark("note"))
        assert noted["__typename"] == "NotePayload", noted
        await self._loop.offer("nao", self._told.referral, self._mark("offer"))

    async def _to_its_basis(self) -> None:
        if self._scene.way.group is not None:
            offer = await self._loop.offer(self._recipient, self._told.referral)
            return await self._step(self._sender, said.CHOOSE, offerId=offer)
        await self._step(
            self._sender,
            said.REQUEST_BASIS,
            recipientId=self._cast.organisations[self._recipient],
            basis=BASES[self._scene.way.basis],
        )
        if self._scene.way.basis == "council":
            await self._before_council()
        if self._scene.way.basis == "sitting":
            await self._step(
                self._sender, bases.BRING_TO_SITTING, sittingId=self._teller.sitting, items=ITEMS[:-1]
            )
        return None

    async def _before_council(self) -> None:
        brought = await bases.does(
            self._loop,
            self._sender,
            bases.BRING_TO_COUNCIL,
            "councilItem",
            **await self._at(),
            councilId=self._cast.council,
            items=ITEMS,
        )
        self._item = brought["id"]
        for name in (self._recipient, "goto"):
            await self._assigned(bases.ASSIGN, name)

    async def _assigned(self, mutation: str, name: str) -> None:
        body = self._cast.organisations[name]
        await bases.does(self._loop, "mori", mutation, "councilItem", id=self._item, organisationId=body)

    async def _send(self) -> None:
        await self._step(self._sender, said.SEND, **self._basis())
        await self._step(self._recipient, said.ASK, text=self._mark("question"))
        await self._step(self._sender, said.ANSWER, text=self._mark("answer"))

    def _basis(self) -> Mapping[str, Any]:
        way = self._scene.way
        if way.basis == "council":
            early = {"openingReason": self._mark("opening")} if way.early else {}
            return {"councilExchange": {"itemId": self._item, **early}}
        if way.basis == "sitting":
            return {"supportMeeting": {"sittingId": self._teller.sitting}}
        if way.basis == "vital":
            named = [self._cast.people["goto"]]
            danger = {"reason": "電話に出ない", "personIds": named, "items": OF_DANGER, "hours": 24}
            return {"vitalInterest": danger}
        return {"consentId": self._consent_id}

    async def _opened_for_a_purpose(self) -> None:
        """The log of every scene holds a purpose in words."""
        opened = await self._loop.reveal(
            self._sender, self._told.referral, "TEXTS", text=self._mark("purpose")
        )
        assert opened["__typename"] == "RevealPayload", opened

    async def stay(self) -> None:
        """It is where it should be."""

    async def accept(self) -> None:
        await self._step(self._recipient, said.ACCEPT)

    async def hold(self) -> None:
        await self.accept()
        day = (self._loop.today + timedelta(days=10)).isoformat()
        await self._step(self._recipient, said.HOLD, code="OTHER", reviewOn=day, text=self._mark("held"))

    async def start(self) -> None:
        await self.accept()
        await self._step(self._recipient, said.START, startedOn=self._loop.today.isoformat())

    async def report(self) -> None:
        await self.accept()
        await self._step(self._recipient, said.REPORT, code="OTHER", text=self._mark("outcome"))

    async def close(self) -> None:
        await self.report()
        await self._step(self._sender, said.CONFIRM)

    async def decline(self) -> None:
        why = {"declinedBy": "PROVIDER", "code": "OTHER", "text": self._mark("declined")}
        await self._step(self._recipient, said.DECLINE, **why)

    async def withdraw(self) -> None:
        await self._step(self._sender, said.WITHDRAW, code="OTHER", text=self._mark("withdrawn"))

    async def void(self) -> None:
        await self._step(self._sender, said.ASK_VOID)
        await self._step("mori", said.VOID, openBreach=True)

    async def take_back(self) -> None:
        await self._step(self._sender, said.TAKE_BACK)

    async def lose_its_basis(self) -> None:
        """A consent, a sitting, an emergency end by the clock; from a council's item one is taken off."""
        await self.accept()
        if self._scene.way.basis == "council":
            for name in (self._recipient, "goto"):
                await self._assigned(bases.UNASSIGN, name)


_ENDS: Final[Mapping[str, Callable[[_Way], Awaitable[None]]]] = {
    "posted": _Way.stay,
    "unanswered": _Way.stay,
    "taken_down": _Way.withdraw,
    "posted_void": _Way.void,
    "taken_back": _Way.take_back,
    "awaiting_basis": _Way.stay,
    "sent": _Way.stay,
    "expired": _Way.stay,
    "accepted": _Way.accept,
    "on_hold": _Way.hold,
    "in_progress": _Way.start,
    "basis_ended": _Way.lose_its_basis,
    "reported": _Way.report,
    "closed": _Way.close,
    "closed_over": _Way.close,
    "declined": _Way.decline,
    "withdrawn": _Way.withdraw,
    "void": _Way.void,
}
