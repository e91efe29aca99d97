"""From grants to SQL: the rows that a statement finds are those that the grant holds for."""

from collections.abc import Iterator
from itertools import chain, combinations
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.policy.grants import Grant
from libs.policy.predicates import (
    ASKER,
    Above,
    Asker,
    Hanging,
    Relations,
    UnregisteredRelation,
    settle,
    where,
)
from libs.policy.relations import EVERYONE, NOBODY, OF_THE_ASKER, with_implied
from libs.policy.routing import TenantNotNamed
from libs.policy.rules import Policy
from libs.policy.vocabulary import KINDS, READ

TENANT, ORGANISATION = uuid4(), uuid4()
ON_NOTES = ("own", "posted", "recipient", "accepted", "ever_party", "party")

metadata = sa.MetaData()
notes = sa.Table(
    "note",
    metadata,
    sa.Column("tenant_id", sa.Uuid()),
    sa.Column("id", sa.Integer()),
    *(sa.Column(fact, sa.Boolean()) for fact in ON_NOTES),
)
seats = sa.Table(
    "seat",
    metadata,
    sa.Column("tenant_id", sa.Uuid()),
    sa.Column("note_id", sa.Integer()),
    sa.Column("organisation_id", sa.Uuid()),
)


def in_group(row: sa.FromClause, asker: Asker) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        seats.c.tenant_id == asker.tenant,
        seats.c.note_id == row.c.id,
        seats.c.organisation_id == asker.organisation,
    )


def of_notes() -> Relations:
    relations = Relations()
    for fact in ON_NOTES:
        relations.register("note", fact, lambda row, _, fact=fact: row.c[fact].is_(True))
    relations.register("note", "group", in_group)
    return relations


RELATIONS = of_notes()
BY_ID = dict(
    enumerate(
        sorted(
            {
                tuple(sorted(with_implied(frozenset(some)) - OF_THE_ASKER))
                for some in chain.from_iterable(
                    combinations((*ON_NOTES, "group"), size) for size in range(len(ON_NOTES) + 2)
                )
            }
        )
    )
)
"""One note for each set of facts that can be."""


@pytest.fixture(scope="module")
def database() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        for tenant in (TENANT, uuid4()):
            connection.execute(notes.insert(), [_note(tenant, *known) for known in BY_ID.items()])
        held = [number for number, facts in BY_ID.items() if "group" in facts]
        connection.execute(seats.insert(), [_seat(number, ORGANISATION) for number in held])
        connection.execute(seats.insert(), [_seat(number, uuid4()) for number in BY_ID])
        yield connection
    engine.dispose()


def _note(tenant: UUID, number: int, facts: tuple[str, ...]) -> dict[str, object]:
    return {"tenant_id": tenant, "id": number, **{fact: fact in facts for fact in ON_NOTES}}


def _seat(number: int, organisation: UUID) -> dict[str, object]:
    return {"tenant_id": TENANT, "note_id": number, "organisation_id": organisation}


def found(database: sa.Connection, grant: Grant, of_asker: frozenset[str]) -> set[int]:
    row = notes.alias("t")
    opened = where(settle(grant, of_asker), "note", row, RELATIONS)
    statement = sa.select(row.c.id).where(row.c.tenant_id == ASKER.tenant, opened)
    asking = {"viewer_tenant": TENANT, "viewer_organisation": ORGANISATION}
    return set(database.execute(statement, asking).scalars())


a_way = st.frozensets(st.sampled_from((*ON_NOTES, "group", "tenant", EVERYONE)), min_size=1, max_size=4)


@settings(max_examples=200, deadline=None)
@given(st.frozensets(a_way, max_size=4), st.sampled_from([frozenset[str](), frozenset({"tenant"})]))
def test_the_list_is_all_rows_filtered_by_the_single_answer(
    database: sa.Connection, ways: frozenset[frozenset[str]], of_asker: frozenset[str]
) -> None:
    grant = Grant(ways)
    single = {
        number
        for number, facts in BY_ID.items()
        if any(way <= true_for(facts, of_asker) for way in grant.ways)
    }
    assert found(database, grant, of_asker) == single


def true_for(facts: tuple[str, ...], of_asker: frozenset[str]) -> frozenset[str]:
    """A seat that an applicant or a suspended organisation still holds makes it no member of the group."""
    idle = frozenset[str]() if "tenant" in of_asker else frozenset({"group"})
    return (frozenset(facts) - idle) | of_asker | {EVERYONE}


def test_a_seat_is_of_no_use_to_who_is_no_member() -> None:
    by_seat, by_own = frozenset({"group"}), frozenset({"own"})
    grant = Grant(frozenset({by_seat, by_own}))
    assert settle(grant, frozenset({"tenant"})) == grant
    assert settle(grant, frozenset()) == Grant(frozenset({by_own}))
    assert settle(Grant(frozenset({frozenset({"chair", "own"})})), frozenset()) is False


def test_facts_common_to_all_ways_are_asked_once() -> None:
    grant = Grant(frozenset({frozenset({"group", "posted"}), frozenset({"group", "own"})}))
    assert str(where(grant, "note", notes, RELATIONS)).count("EXISTS") == 1


def test_settling_decides_what_depends_on_the_asker_alone() -> None:
    member = frozenset({"tenant"})
    by_tenant, by_own = frozenset({"tenant"}), frozenset({"own"})
    assert settle(Grant(), member) is False
    assert settle(Grant(frozenset({by_tenant, by_own})), member) is True
    assert settle(Grant(frozenset({by_tenant})), frozenset()) is False
    assert settle(Grant(frozenset({by_tenant, by_own})), frozenset()) == Grant(frozenset({by_own}))
    assert settle(Grant(frozenset({by_tenant | by_own})), member) == Grant(frozenset({by_own}))
    assert settle(Grant(frozenset({frozenset({EVERYONE})})), frozenset()) is True
    assert settle(Grant(frozenset({frozenset({NOBODY})})), frozenset({NOBODY})) is False


def test_a_fact_without_sql_reads_nothing() -> None:
    grant = Grant(frozenset({frozenset({"council"})}))
    with pytest.raises(UnregisteredRelation):
        where(grant, "note", notes, RELATIONS)
    with pytest.raises(UnregisteredRelation):
        where(Grant(frozenset({frozenset({"tenant"})})), "note", notes, RELATIONS)


def test_a_fact_is_registered_once_and_from_the_list() -> None:
    relations = of_notes()
    for relation in ("own", "friend", "tenant", EVERYONE, NOBODY):
        with pytest.raises(ValueError, match=relation):
            relations.register("note", relation, in_group)
    relations.register("note", "council", in_group)


def test_what_is_missing_is_named() -> None:
    policy = Policy.baseline()
    grants = policy.grants(frozenset({"company"}), frozenset())
    missing = Relations().missing(grants)
    assert ("referral", "open_board") in missing
    assert ("referral", "council") not in missing
    assert not [relation for _, relation in missing if relation in OF_THE_ASKER]
    complete = Relations()
    for name, relation in missing:
        complete.register(name, relation, in_group)
    assert complete.missing(grants) == frozenset()
    assert complete.registered() == missing


def test_the_parameters_have_their_fixed_names_and_types() -> None:
    parts: list[sa.BindParameter[object]] = [*vars(ASKER).values()]
    assert {part.key: type(part.type) for part in parts} == {
        "viewer_tenant": sa.Uuid,
        "viewer_person": sa.Uuid,
        "viewer_organisation": sa.Uuid,
        "viewer_held": sa.Uuid,
        "viewer_item": sa.Text,
        "viewer_today": sa.Date,
        "viewer_now": sa.DateTime,
    }


other = seats.alias("other")
row_of = notes.alias("t")
tied = seats.c.tenant_id == ASKER.tenant
other_tied = other.c.tenant_id == ASKER.tenant
same = seats.c.note_id == row_of.c.id

NAMING: dict[str, sa.ColumnElement[bool]] = {
    "a column of the row": row_of.c.own.is_(True),
    "exists": sa.exists().where(tied, same),
    "turned round": sa.exists().where(ASKER.tenant == seats.c.tenant_id, same),
    "nested": sa.exists().where(tied, sa.exists().where(other_tied, other.c.note_id == seats.c.note_id)),
    "joined": sa.select(1)
    .select_from(seats.outerjoin(other, sa.and_(other_tied, other.c.note_id == seats.c.note_id)))
    .where(tied, same)
    .exists(),
    "in a set": row_of.c.id.in_(sa.select(seats.c.note_id).where(tied)),
    "sub-query": row_of.c.id.in_(sa.select(sa.select(seats).where(tied).subquery().c.note_id)),
}
FORGETTING: dict[str, sa.ColumnElement[bool]] = {
    "exists": sa.exists().where(same),
    "only the row's": sa.exists().where(seats.c.tenant_id == row_of.c.tenant_id, same),
    "the setting": sa.exists().where(seats.c.tenant_id == sa.func.current_setting("app.tenant_id"), same),
    "another parameter": sa.exists().where(seats.c.tenant_id == ASKER.organisation, same),
    "either": sa.exists().where(sa.or_(tied, same)),
    "not": sa.exists().where(sa.not_(tied), same),
    "nested": sa.exists().where(tied, sa.exists().where(other.c.note_id == seats.c.note_id)),
    "joined": sa.select(1)
    .select_from(seats.join(other, other.c.note_id == seats.c.note_id))
    .where(tied, same)
    .exists(),
    "union": row_of.c.id.in_(
        sa.union_all(sa.select(seats.c.note_id).where(tied), sa.select(other.c.note_id))
    ),
    "sub-query": row_of.c.id.in_(sa.select(sa.select(seats).subquery().c.note_id)),
    "with": row_of.c.id.in_(sa.select(sa.select(seats).cte().c.note_id)),
    "the row's own table again": sa.exists().where(notes.c.id == row_of.c.id),
    "scalar": row_of.c.id == sa.select(sa.func.max(seats.c.note_id)).scalar_subquery(),
    "below case": sa.case((sa.exists().where(same), sa.true()), else_=sa.false()),
}


def _use(clause: sa.ColumnElement[bool]) -> None:
    relations = Relations()
    relations.register("note", "own", lambda _row, _asker: clause)
    relations.predicate("note", "own", row_of, ASKER)


@pytest.mark.parametrize("case", NAMING)
def test_a_predicate_that_names_its_tenant_is_taken(case: str) -> None:
    _use(NAMING[case])


@pytest.mark.parametrize("case", FORGETTING)
def test_a_query_block_that_forgets_its_tenant_is_refused(case: str) -> None:
    with pytest.raises(TenantNotNamed):
        _use(FORGETTING[case])


def test_only_ways_that_are_written_are_granted() -> None:
    """What is left out is covered by another way, by definition; nothing is added."""
    policy = Policy.baseline()
    for kind in KINDS:
        grants = policy.grants(frozenset({kind}), frozenset())
        for (name, field), grant in grants.fields.items():
            group = policy.groups[f"{name}.{field}"]
            written = {
                rule.conjunction
                for rule in policy.rules
                if (rule.kind, rule.role, rule.object, rule.act) == (kind, "any", group, READ)
            }
            assert grant.ways <= written
            assert all(grant.holds(way) for way in written - {frozenset({NOBODY})})


def test_a_fact_is_read_off_the_row_above_only_where_that_is_the_row_in_question() -> None:
    hanging = Hanging("card", notes, "card_id", lambda row, _: row.c.posted)
    above = notes.alias("above")
    assert str(hanging.of(Above("card", above, "card_id"), ASKER)) == "above.posted"
    assert hanging.of(Above("card", above, "earlier_id"), ASKER) is None, "named by another column"
    assert hanging.of(Above("group", above, "card_id"), ASKER) is None, "a row of another object"
    assert hanging.of(None, ASKER) is None
