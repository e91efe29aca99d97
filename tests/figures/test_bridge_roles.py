"""What each database role may do at the bridge: platforms submit, the publisher publishes, others nothing."""

import asyncpg
import pytest

from libs.persistence.connections import Connection
from libs.persistence.roles import APP, ONBOARDING, PUBLISHER, SECRETARIAT, WORKER
from tests.figures.nation import nothing, reporting_nation, small_nation
from tests.isolation.catalogue import tenant_tables
from tests.stage.stage import Stage

READ = "SELECT count(*) FROM tsunagari.{}"
ATTEMPTS = (
    READ,
    "INSERT INTO tsunagari.{} DEFAULT VALUES",
    "UPDATE tsunagari.{} SET tenant_id = tenant_id",
    "DELETE FROM tsunagari.{}",
    "TRUNCATE tsunagari.{}",
    "COPY tsunagari.{} TO STDOUT",
)
BRIDGE = ("figure_submission", "figure_release", "figure_published", "secretariat_staff", "practice")
OPEN_TO = {
    APP: {"figure_submission", "practice"},
    PUBLISHER: {"figure_submission"},
    SECRETARIAT: {"figure_release", "figure_published", "secretariat_staff", "practice"},
    WORKER: set[str](),
    ONBOARDING: set[str](),
}


async def _is_refused(connection: Connection, statement: str) -> bool:
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    return False


@pytest.mark.parametrize("role", [SECRETARIAT, PUBLISHER])
async def test_every_tenant_table_is_closed_to_the_secretariat_and_the_publisher(
    stage: Stage, role: str
) -> None:
    async with stage.sql() as admin:
        tables = await tenant_tables(admin)
    assert len(tables) > 10
    async with stage.sql(role) as connection:
        done = [
            statement
            for table in tables
            for attempt in ATTEMPTS
            if not await _is_refused(connection, statement := attempt.format(table))
        ]
        assert done == []
        assert await connection.fetchval(READ.format("tenant")) == 0


@pytest.mark.parametrize("role", OPEN_TO)
async def test_each_table_of_the_bridge_is_read_by_its_role_alone(stage: Stage, role: str) -> None:
    async with stage.sql(role) as connection:
        opened = {table for table in BRIDGE if not await _is_refused(connection, READ.format(table))}
    assert opened == OPEN_TO[role]


async def test_nobody_can_change_a_release(stage: Stage) -> None:
    nation = await reporting_nation(stage)
    release = await nation.publish()
    before = await nation.published(release)
    for role in OPEN_TO:
        async with stage.sql(role) as connection:
            for attempt in (
                "UPDATE tsunagari.figure_published SET value = 1",
                "DELETE FROM tsunagari.figure_published",
                "TRUNCATE tsunagari.figure_published",
                "UPDATE tsunagari.figure_release SET as_of = now()",
                "DELETE FROM tsunagari.figure_release",
            ):
                assert await _is_refused(connection, attempt), (role, attempt)
    assert await nation.published(release) == before


async def test_a_platform_reads_and_writes_its_own_submission_only(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma", "takamatsu")
    await nation.submit("ikoma", nothing())
    await nation.submit("takamatsu", nothing())
    ikoma, takamatsu = nation.tenants["ikoma"], nation.tenants["takamatsu"]
    async with stage.sql(APP) as app, app.transaction():
        assert await app.fetchval(READ.format("figure_submission")) == 0
        await app.execute(f"SET LOCAL app.tenant_id = '{ikoma}'")
        seen = await app.fetch("SELECT DISTINCT tenant_id FROM tsunagari.figure_submission")
        assert [row["tenant_id"] for row in seen] == [ikoma]
        changed = await app.execute(
            "UPDATE tsunagari.figure_submission SET value = 99 WHERE tenant_id = $1", takamatsu
        )
        assert changed == "UPDATE 0"


async def test_a_platform_cannot_submit_for_another(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma", "takamatsu")
    insert = """INSERT INTO tsunagari.figure_submission
      (tenant_id, month, measure, breakdown, value, submitted_at)
      VALUES ($1, '2026-08-01', 'events', 'held', 7, now())"""
    async with stage.sql(APP) as app, app.transaction():
        await app.execute(f"SET LOCAL app.tenant_id = '{nation.tenants['ikoma']}'")
        await app.execute(insert, nation.tenants["ikoma"])
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            async with app.transaction():
                await app.execute(insert, nation.tenants["takamatsu"])


async def test_the_publisher_cannot_change_what_platforms_said(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma")
    await nation.submit("ikoma", nothing())
    async with stage.sql(PUBLISHER) as publisher:
        assert await publisher.fetchval(READ.format("figure_submission")) == len(nothing())
        for attempt in ATTEMPTS[1:5]:
            assert await _is_refused(publisher, attempt.format("figure_submission")), attempt
