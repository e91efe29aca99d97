"""A platform comes into being whole or not at all, and is closed and opened for everybody's next request."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import asyncpg
import pytest

from libs.errors.problems import AlreadyExists, InvalidInput, NotFound, Problem, WrongState
from libs.persistence import audit
from libs.persistence.database import Context
from libs.tenancy.onboarding import Coordinator, NewTenant, onboard, set_status
from tests.isolation.catalogue import TABLES
from tests.stage.cities import Cities
from tests.stage.founded import Founded, founded
from tests.stage.tokens import ISSUER

MORI = Coordinator("森 由紀", ISSUER, "mori")
IKOMA = NewTenant(["292095"], "ikoma", MORI)
TAKAMATSU = NewTenant(["372013"], "takamatsu", MORI)
NARA = NewTenant(["290009"], "nara", MORI)
TOGETHER = NewTenant(["292095", "292010"], "nara-ikoma", MORI, "奈良・生駒つながりの会")
NATIONAL = NewTenant([], "japan", MORI, "孤独・孤立対策官民連携プラットフォーム", national=True)

COUNTED = """query { organisations { totalCount } }"""
RENAME = """mutation ($input: EditProfileInput!) { editProfile(input: $input) { __typename
  ... on UserError { en } } }"""


@pytest.fixture
async def empty() -> AsyncGenerator[Founded]:
    async with founded() as platform:
        yield platform


async def _counts(platform: Founded) -> dict[str, int]:
    tables = [row["relname"] for row in await platform.admin.fetch(TABLES, "tsunagari")]
    counts = {
        table: await platform.admin.fetchval(f"SELECT count(*) FROM tsunagari.{table}") for table in tables
    }
    return {table: count for table, count in counts.items() if count}


@pytest.mark.parametrize(
    ("new", "kind", "name"),
    [
        (IKOMA, "municipality", "生駒市"),
        (
            replace(IKOMA, codes=["292095"], name=" 生駒市 公民連携の会 "),
            "municipality",
            "生駒市 公民連携の会",
        ),
        (replace(IKOMA, codes=["２９２０９５"]), "municipality", "生駒市"),
        (NARA, "prefecture", "奈良県"),
        (TOGETHER, "joint", "奈良・生駒つながりの会"),
        (NATIONAL, "national", "孤独・孤立対策官民連携プラットフォーム"),
    ],
)
async def test_a_platform_is_whole(empty: Founded, new: NewTenant, kind: str, name: str) -> None:
    made = await onboard(empty.onboarding, new)
    assert (made.kind, made.name) == (kind, name)
    codes = len(new.codes)
    register = {"tenant_municipality": codes} if codes else {}
    assert await _counts(empty) == register | dict.fromkeys(
        (
            "tenant", "platform_settings", "tenant_issuer", "audit_head", "audit_entry", "organisation",
            "policy_draft", "person", "membership", "coordinator_appointment", "account_tenant",
        ),
        1,
    )  # fmt: skip
    async with empty.app.reading(Context(made.tenant_id)) as connection:
        entries = await connection.fetch(audit.CHAIN.sql, made.tenant_id)
        head = await connection.fetchrow(audit.HEAD.sql, made.tenant_id)
    assert [entry["action"] for entry in entries] == ["onboard"]
    assert audit.first_break(entries, head) is None


REFUSED = {
    "five digits": (replace(IKOMA, codes=["29209"]), "not_six_digits"),
    "wrong check digit": (replace(IKOMA, codes=["292096"]), "wrong_check_digit"),
    "unknown": (replace(IKOMA, codes=["999997"]), None),
    "a ward of a designated city": (replace(IKOMA, codes=["271021"]), "ward_of_designated_city"),
    "one good code and one bad": (replace(TOGETHER, codes=["292095", "292011"]), "wrong_check_digit"),
    "no code": (replace(IKOMA, codes=[]), None),
    "the same code twice": (replace(TOGETHER, codes=["292095", "292095"]), None),
    "a joint platform with a prefecture": (replace(TOGETHER, codes=["292095", "290009"]), None),
    "a joint platform without a name": (replace(TOGETHER, name=None), None),
    "a national platform without a name": (replace(NATIONAL, name=None), None),
    "a national platform with a municipality": (replace(NATIONAL, codes=["292095"]), None),
    "a name of control characters": (replace(IKOMA, name="生駒\x00市"), None),
    "a slug of capitals": (replace(IKOMA, slug="Ikoma"), None),
    "an empty slug": (replace(IKOMA, slug=""), None),
    "a slug of 64 letters": (replace(IKOMA, slug="a" * 64), None),
    "a national platform with a blank name": (replace(NATIONAL, name="  "), None),
    # found only when half of it is written
    "a coordinator without a name": (replace(IKOMA, coordinator=replace(MORI, name="  ")), None),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_nothing_is_half_written(empty: Founded, case: str) -> None:
    new, detail = REFUSED[case]
    with pytest.raises(InvalidInput) as refused:
        await onboard(empty.onboarding, new)
    assert detail in {None, refused.value.detail}
    assert refused.value.ja
    assert refused.value.en
    assert await _counts(empty) == {}


async def test_neither_a_municipality_nor_a_slug_is_taken_twice(empty: Founded) -> None:
    await onboard(empty.onboarding, IKOMA)
    before = await _counts(empty)
    for again in (replace(IKOMA, slug="ikoma-2"), replace(TAKAMATSU, slug="ikoma")):
        with pytest.raises(AlreadyExists):
            await onboard(empty.onboarding, again)
    assert await _counts(empty) == before


async def test_a_municipality_may_also_stand_in_a_joint_platform(empty: Founded) -> None:
    for new in (IKOMA, TOGETHER, NARA, NATIONAL, TAKAMATSU):
        await onboard(empty.onboarding, new)
    kinds = await empty.admin.fetch("SELECT kind FROM tsunagari.tenant ORDER BY tenant_id")
    assert [row["kind"] for row in kinds] == [
        "municipality",
        "joint",
        "prefecture",
        "national",
        "municipality",
    ]
    assert (await _counts(empty))["account_tenant"] == 5


async def test_the_apps_role_cannot_found_a_platform(empty: Founded) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await onboard(empty.app, IKOMA)
    assert await _counts(empty) == {}


async def test_a_suspended_platform_is_gone_at_the_next_request_and_back_after(cities: Cities) -> None:
    assert (await cities.ines.ask(COUNTED)).data["organisations"]["totalCount"]
    async with cities.stage.onboarding() as database:
        await set_status(database, "ikoma", "suspended")
        for person in (cities.ines, cities.mori, cities.person("anyone")):
            assert (await person.ask(COUNTED)).code == "NOT_FOUND"
        assert (await cities.ines.ask(RENAME, input={"version": 1})).code == "NOT_FOUND"
        # the control: the other city goes on
        assert (await cities.ueda.ask(COUNTED)).data["organisations"]["totalCount"]
        with pytest.raises(WrongState):
            await set_status(database, "ikoma", "suspended")
        await set_status(database, "ikoma", "active")
    assert (await cities.ines.ask(COUNTED)).data["organisations"]["totalCount"]
    async with cities.stage.sql() as connection:
        entries = await connection.fetch(
            "SELECT codes ->> 'status' AS status FROM tsunagari.audit_entry "
            "WHERE action = 'set_status' ORDER BY sequence"
        )
    assert [entry["status"] for entry in entries] == ["suspended", "active"]


async def test_a_platform_that_nobody_registered_is_not_found(empty: Founded) -> None:
    with pytest.raises(NotFound) as refused:
        await set_status(empty.onboarding, "nowhere", "suspended")
    assert isinstance(refused.value, Problem)
    assert await _counts(empty) == {}
