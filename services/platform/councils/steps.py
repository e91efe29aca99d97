"""What can be done to a council and its list of members, and in which state."""

from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, Problem, WrongState
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step, Through
from libs.reading.declare import Row
from services.platform.councils.models import council, council_member, not_ended
from services.platform.relations import RELATIONS

KEEP: Final = "keep_council"


def listed_already(_: object = None) -> Problem:
    return AlreadyExists(
        "この団体は、すでに構成機関等の名簿にあります。",
        "This organisation is on the list of members already.",
    )


def not_listed(_: object = None) -> Problem:
    return WrongState(
        "not_listed",
        "調整機関は、構成機関等のうちから指定します(法第17条第1項)。先に名簿に載せてください。",
        "The coordinating agency is one of the council's members (art. 17(1)). List it first.",
    )


def _ended(_: object) -> Problem:
    return WrongState("ended", "この団体はすでに名簿から外れています。", "This membership has ended already.")


def _somebody_on_the_list(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    listed: sa.Select[Any] = sa.select(council_member.c.id).where(
        council_member.c.tenant_id == asker.tenant,
        council_member.c.council_id == row.c.id,
        not_ended(council_member, asker),
    )
    return sa.exists(listed)


_OF_COUNCIL: Final = Through("council", council, lambda row, of, _: of.c.id == row.c.council_id)

RELATIONS.steps.register(
    Step("council", "keep_council"),
    Step("council", "announce_council", policy=KEEP),
    Step("council", "add_council_member", policy=KEEP),
    Step(
        "council",
        "name_coordinating_agency",
        (Guard(_somebody_on_the_list, not_listed, beyond=True),),
        policy=KEEP,
    ),
    Step("council_member", "correct_council_member", policy=KEEP, through=_OF_COUNCIL),
    Step(
        "council_member",
        "end_council_member",
        (Guard(lambda row, asker: sa.or_(row.c.until_on.is_(None), row.c.until_on > asker.today), _ended),),
        policy=KEEP,
        through=_OF_COUNCIL,
    ),
)
