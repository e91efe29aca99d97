"""`tsunagari policy explain` on a real object: as whom, at what, and why; codes only, and audited."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound
from libs.persistence.actor import Actor
from libs.persistence.database import Database
from libs.persistence.roles import APP
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.rules import Policy
from libs.policy.vocabulary import READ
from libs.reading import ids
from libs.reading.preview import Cell, Preview, Previewing
from libs.tenancy.models import organisation, person
from libs.tenancy.viewers import Whom, viewer_of
from services.operator.environment import url_of
from services.operator.policy_in_force import policy_of, tenant_of
from services.platform.app import registry
from services.platform.previews.actions import Looked, log
from services.platform.relations import RELATIONS

Row = dict[str, object]


async def looked_at(slug: str, as_: str, on: str, roles: tuple[str, ...]) -> Preview:
    """The object as that somebody meets it. Raises InvalidInput, NotFound."""
    looked = Looked(_whom(as_, roles), *_object(on))
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    try:
        tenant_id = await tenant_of(database, slug)
        # an operator is nobody in the tenant: the chain says that it was looked at, and as whom
        policy = await policy_of(database, tenant_id)
        async with database.work(tenant_id, Actor(None, None)) as work:
            return await _look(work, policy, looked)
    finally:
        await database.close()


def rows_of(preview: Preview, *, json: bool) -> list[Row]:
    """One line for the object itself, each field and each action."""
    lines = [(READ, Cell("id", preview.row)), *((READ, each) for each in preview.fields)]
    lines += [("do", each) for each in preview.steps]
    return [_row(act, cell, json=json) for act, cell in lines]


async def _look(work: Work, policy: Policy, looked: Looked) -> Preview:
    await _must_be(work, looked.whom)
    asker = await viewer_of(work, looked.whom)
    places = {**asker.places(work.now), **looked.at.places(asker), "id": looked.identity}
    held = await work.one(looked.at.statement(None), **places)
    if held is None:
        raise _nothing("--on")
    log(work, "explain_policy", looked)
    return looked.at.of(policy, asker, dict(held))


async def _must_be(work: Work, whom: Whom) -> None:
    statement = PERSON if whom.person else ORGANISATION
    if await work.one(statement, id=whom.person or whom.organisation) is None:
        raise _nothing("--as")


def _whom(as_: str, roles: tuple[str, ...]) -> Whom:
    prefix, identity = ids.decode(as_, "--as")
    if prefix == "person":
        return Whom(identity, None)
    if prefix == "organisation":
        return Whom(None, identity, roles)
    raise InvalidInput(
        "--as",
        "--as には団体か人のIDを指定してください。",
        "--as takes the id of an organisation or a person.",
    )


def _object(on: str) -> tuple[Previewing, uuid.UUID]:
    prefix, identity = ids.decode(on, "--on")
    type_name = registry().type_of_prefix(prefix)
    if type_name is None:
        raise InvalidInput(
            "--on", "その種類のIDはありません。", f"Nothing that is read has ids beginning with '{prefix}'."
        )
    return Previewing(registry(), RELATIONS, type_name), identity


def _nothing(option: str) -> NotFound:
    return NotFound(
        f"{option} のIDは、このプラットフォームにありません。", f"{option} is on no row of this platform."
    )


def _row(act: str, cell: Cell, *, json: bool) -> Row:
    explained = cell.explained
    told = dict(explained.relations)
    return {
        "what": cell.name,
        "act": act,
        "answer": explained.answer.value,
        "rule": explained.rule,
        "relations": told if json else ", ".join(f"{name}: {_WORDS[holds]}" for name, holds in told.items()),
    }


_WORDS = {True: "holds", False: "does not", None: "not told"}
ORGANISATION = Statement(
    sa.select(organisation.c.id).where(
        organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id)
    )
)
PERSON = Statement(
    sa.select(person.c.id).where(person.c.tenant_id == TENANT, person.c.id == parameter(person.c.id))
)
