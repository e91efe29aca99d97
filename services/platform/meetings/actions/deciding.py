"""What a meeting decided, with how each seat voted; the result can be opened to everybody."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.inputs import required
from services.platform.meetings.actions.attending import PRESENT
from services.platform.meetings.actions.telling import invited_seats
from services.platform.meetings.models import decision, meeting, vote

TITLE_LENGTH: Final = 200
BODY_LENGTH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Result:
    """`votes` by organisation; None stands for one that the asker named and that is none."""

    title: str
    body: str
    outcome: str
    votes: Mapping[uuid.UUID | None, str] = field(default_factory=dict[uuid.UUID | None, str])


async def record(acting: Acting, meeting_id: uuid.UUID | None, result: Result) -> uuid.UUID:
    """Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    held = await acting.find("meeting", meeting, meeting_id, action="record_decision")
    work = acting.work
    seats = await invited_seats(work, held["id"])
    voting = {each["organisation_id"] for each in seats if not each["is_observer"]}
    there = {each["organisation_id"] for each in await work.rows(PRESENT, meeting_id=held["id"])}
    quorate = is_quorate(held["quorum"], held["seats_present"], held["seats_counted"])
    _check(result, voting & there, quorate=quorate)
    made = await work.insert(
        decision,
        working_group_id=held["working_group_id"],
        meeting_id=held["id"],
        title=required(result.title, "title", TITLE_LENGTH),
        body=clean(result.body, "body", BODY_LENGTH, multiline=True),
        outcome=result.outcome,
        created_at=work.now,
    )
    for organisation_id, choice in result.votes.items():
        place = {"decision_id": made, "working_group_id": held["working_group_id"]}
        await work.insert(vote, organisation_id=organisation_id, choice=choice, **place)
    work.record("record_decision", "decision", made, meeting=str(held["id"]), outcome=result.outcome)
    return made


async def publish(acting: Acting, identity: uuid.UUID | None, version: int, *, published: bool) -> uuid.UUID:
    """Opens the result, never who voted how, to everybody, or closes it again."""
    row = await acting.find("decision", decision, identity, action="publish_decision", version=version)
    await acting.work.one(PUBLISH, id=row["id"], published=published)
    acting.work.record("publish_decision", "decision", row["id"], published=int(published))
    return row["id"]


def is_quorate(quorum: str, present: int, seats: int) -> bool:
    """A majority is more than half of the seats, two thirds are at least as many."""
    if quorum == "majority":
        return present * 2 > seats
    return present * 3 >= seats * 2 if quorum == "two_thirds" else True


def _check(result: Result, may_vote: set[uuid.UUID], *, quorate: bool) -> None:
    if not set(result.votes) <= may_vote:
        raise InvalidInput(
            "votes",
            "出席していた、議決権のある団体の票だけを記録できます。",
            "Only organisations with a vote that were present can have voted.",
            detail="NO_VOTE",
        )
    if result.outcome == "adopted" and not quorate:
        raise InvalidInput(
            "outcome",
            "定足数に足りない会議では議決できません。「継続」か「報告」にしてください。",
            "There was no quorum: nothing can be adopted. Record it as deferred or noted.",
            detail="NO_QUORUM",
        )
    choices = list(result.votes.values())
    if result.outcome == "adopted" and choices and choices.count("in_favour") <= choices.count("against"):
        raise InvalidInput(
            "outcome",
            "賛成が反対より多くなければ、可決にはできません。",
            "More must be in favour than against for it to be adopted.",
            detail="COUNT",
        )


PUBLISH = Statement(
    sa.update(decision)
    .where(decision.c.tenant_id == TENANT, decision.c.id == parameter(decision.c.id))
    .values(published=parameter(decision.c.published), version=decision.c.version + 1)
)
