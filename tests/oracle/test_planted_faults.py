"""Each harness is seen to find faults: one is planted in the product, and a difference must be told."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from libs.persistence.roles import APP, OWNER
from libs.policy.access import Access
from libs.policy.predicates import Relations
from libs.reading import pages
from libs.reading.blocks import Block
from libs.reading.objects import Objects
from libs.reading.plans import Plans
from libs.reading.rows import Rows
from tests.oracle import whole
from tests.oracle.answered import answered_to
from tests.oracle.test_lists_are_filters import check_list
from tests.oracle.test_one_wall_alone import (
    allow_everything,
    always,
    as_role,
    name_no_tenant,
    other_answers,
    strangers_found,
)
from tests.reading.asking import Mismatch, Reading

DRAWN = 200
Bool = ColumnElement[bool]


@pytest.fixture
def planted(asked: Reading, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Plans made with a fault are forgotten with it."""
    monkeypatch.setattr(asked.engine, "plans", Plans())
    return monkeypatch


async def is_found(asked: Reading, *types: str) -> bool:
    """Whether a whole document of one of these types, or a drawn one, shows the fault."""
    try:
        for type_name in types:
            text = whole.document(asked.schema, type_name)
            for variables in whole.in_parts(whole.ids_of(type_name, asked.world)):
                for who in asked.viewers:
                    await asked.same(text, who, variables)
        for seed in range(DRAWN):
            randomness = random.Random(seed)
            drawn = asked.drawn(randomness)
            if drawn is not None:
                await asked.same(drawn.text, randomness.choice(list(asked.viewers)), drawn.variables)
    except Mismatch:
        return True
    return False


def uncounted(rows: Any) -> ColumnElement[int]:
    """Counts every row of the tenant."""
    table = rows._stored.table.alias("all_of_them")
    tenant = table.c.tenant_id == sa.bindparam("viewer_tenant", type_=sa.Uuid())
    return sa.select(sa.func.count()).select_from(table).where(tenant).scalar_subquery()


async def test_dropped_masks_are_found(asked: Reading, planted: pytest.MonkeyPatch) -> None:
    def unmasked(_: Objects, __: Block, ___: Any, value: Callable[[], Any]) -> Any:
        return value()

    planted.setattr(Objects, "_masked", unmasked)
    assert await is_found(asked, "Organisation")


@pytest.mark.parametrize(
    ("object", "field", "type_name"),
    [
        ("organisation", "work_contact", "Organisation"),
        ("event", "join_url", "Event"),
        ("referral", "need_category", "Referral"),
        ("person", "email", "Person"),
    ],
)
async def test_one_dropped_mask_is_found(
    asked: Reading, planted: pytest.MonkeyPatch, object: str, field: str, type_name: str
) -> None:
    right = Access.field

    def opened(access: Access, of: str, name: str) -> Any:
        return True if (of, name) == (object, field) else right(access, of, name)

    planted.setattr(Access, "field", opened)
    assert await is_found(asked, type_name)


async def test_a_row_policy_dropped_from_counts_is_found(asked: Reading, planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Rows, "count", uncounted)
    assert await is_found(asked, "WorkingGroup")


async def test_null_handled_as_open_is_found(asked: Reading, planted: pytest.MonkeyPatch) -> None:
    """A card without a recipient compares with nobody, and nothing is not yes."""
    right = Block.opens

    def opened(block: Block, grant: Any) -> Bool:
        return sa.func.coalesce(right(block, grant), sa.true())

    planted.setattr(Block, "opens", opened)
    assert await is_found(asked, "Referral")


async def test_a_keyset_that_repeats_its_last_row_is_found(
    asked: Reading, planted: pytest.MonkeyPatch
) -> None:
    right = pages.beyond

    def repeating(row: Any, columns: Any, places: Any, *, forward: bool) -> Bool:
        same = sa.and_(*(row.c[name] == place for (name, _), place in zip(columns, places, strict=True)))
        return sa.or_(right(row, columns, places, forward=forward), same)

    planted.setattr(pages, "beyond", repeating)
    assert await is_found(asked)


async def test_a_filter_on_what_is_withheld_is_found(asked: Reading, planted: pytest.MonkeyPatch) -> None:
    """A company would learn the need of a card of which it may read the ask alone."""

    def opened(*_: Any) -> Bool:
        return sa.true()

    planted.setattr(Rows, "_open", opened)
    with pytest.raises(Mismatch):
        await each_need(asked, "company desk", "company representative")


async def each_need(asked: Reading, *people: str) -> None:
    for who in people:
        for need in ("BELONGING", "LISTENING", "DAILY_LIFE", "HOUSING"):
            for group in whole.ids_of("WorkingGroup", asked.world):
                text = f'{{ board(workingGroupId: "{group}", need: {need}) {{ totalCount }} }}'
                await asked.same(text, who)


RELATIONS: dict[str, tuple[str, str, str, Callable[[Any, Any], Bool]]] = {
    "an event that was published before it was announced": (
        "event",
        "published",
        "Event",
        lambda row, _: row.c.published,
    ),
    "a recipient before the referral was sent": (
        "referral",
        "ever_party",
        "Referral",
        lambda row, asker: sa.or_(
            row.c.sender_id == asker.organisation, row.c.recipient_id == asker.organisation
        ),
    ),
    "a party for ever after the end": (
        "referral",
        "party",
        "Referral",
        lambda row, asker: sa.or_(
            row.c.sender_id == asker.organisation,
            sa.and_(row.c.recipient_id == asker.organisation, row.c.sent_at.is_not(None)),
        ),
    ),
    "a card that is void": ("referral", "posted", "Referral", lambda row, _: row.c.posted_at.is_not(None)),
    "an applicant as if admitted": ("organisation", "admitted", "Organisation", lambda _, __: sa.true()),
    "a group's seat of somebody else": (
        "seat",
        "group",
        "Seat",
        lambda row, asker: sa.func.coalesce(asker.organisation.is_not(None), sa.false()),
    ),
}


@pytest.mark.parametrize("fault", RELATIONS)
async def test_a_relation_that_holds_too_often_is_found(
    asked: Reading, planted: pytest.MonkeyPatch, fault: str
) -> None:
    table, relation, type_name, wrong = RELATIONS[fault]
    right = Relations.predicate

    def predicate(relations: Relations, of: str, name: str, row: Any, asker: Any, *above: Any) -> Bool:
        if (of, name) == (table, relation):
            return wrong(row, asker)
        return right(relations, of, name, row, asker, *above)

    planted.setattr(Relations, "predicate", predicate)
    assert await is_found(asked, type_name)


async def test_a_list_that_counts_more_than_it_shows_is_no_filter(
    asked: Reading, planted: pytest.MonkeyPatch
) -> None:
    answered = await answered_to(asked, "npo desk")
    planted.setattr(Rows, "count", uncounted)
    with pytest.raises(AssertionError):
        await check_list(asked, "npo desk", answered, ("Query", "organisations"))


async def test_a_list_that_asks_another_policy_than_its_rows_is_no_filter(
    asked: Reading, planted: pytest.MonkeyPatch
) -> None:
    answered = await answered_to(asked, "anyone")
    planted.setattr(Access, "rows", always)
    with pytest.raises(AssertionError):
        await check_list(asked, "anyone", answered, ("Query", "workingGroups"))


async def test_a_tenant_that_is_not_named_is_found_without_row_security(
    asked: Reading, planted: pytest.MonkeyPatch
) -> None:
    name_no_tenant(planted)
    async with as_role(asked, APP) as bound, as_role(asked, OWNER) as unbound:
        assert await other_answers(bound, unbound, 0, ["Organisation"]) != []


async def test_row_security_that_is_off_is_found(asked: Reading, planted: pytest.MonkeyPatch) -> None:
    allow_everything(planted)
    name_no_tenant(planted)
    async with as_role(asked, OWNER) as unbound:
        assert await strangers_found(unbound, "npo coordinator") != []
