"""The migrated schema keeps every rule, and every rule finds a schema that breaks it."""

import os
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from libs.persistence.connections import Connection, connect
from libs.persistence.roles import APP, OWNER
from migrations.isolation import THIS_TENANT
from tests.isolation import catalogue
from tests.stage import server

APPROVED = Path(__file__).with_name("approved_grants.txt")

FAULTS = Path(__file__).with_name("catalogue_faults.sql").read_text(encoding="utf-8")

PLANTED = (
    "CREATE TABLE tsunagari.planted (tenant_id uuid, id uuid, code text, PRIMARY KEY (tenant_id, id))",
    f"ALTER TABLE tsunagari.planted OWNER TO {OWNER}",
    f"CREATE POLICY p ON tsunagari.planted TO {APP} USING ({THIS_TENANT}) WITH CHECK ({THIS_TENANT})",
    "ALTER TABLE tsunagari.planted ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE tsunagari.planted FORCE ROW LEVEL SECURITY",
)


def _faults() -> dict[str, list[str]]:
    """For each rule the statements that break it."""
    sections = re.split(r"^-- ([A-Z]\d)$", FAULTS, flags=re.MULTILINE)[1:]
    return {rule: body.strip().splitlines() for rule, body in zip(sections[::2], sections[1::2], strict=True)}


@pytest.fixture
async def admin() -> AsyncGenerator[Connection]:
    """A clone of the newest schema, as the server's admin, with one good table more; nothing stays."""
    async with server.cloned(os.environ[server.TEMPLATE]) as name:
        connection = await connect(server.url_of(name))
        try:
            for statement in PLANTED:
                await connection.execute(statement)
            yield connection
        finally:
            await connection.close()


async def test_the_schema_keeps_every_rule(admin: Connection) -> None:
    """With the fault list's own table in it: so that is good before each fault."""
    assert await catalogue.violations(admin) == []


def test_every_rule_has_its_fault() -> None:
    rules = set(re.findall(r"SELECT '([A-Z]\d) ", catalogue.RULES))
    assert rules == set(_faults())
    assert len(rules) > 30


async def test_every_rule_finds_its_fault(admin: Connection) -> None:
    silent: list[str] = []
    for rule, statements in _faults().items():
        await admin.execute("BEGIN")
        for statement in statements:
            await admin.execute(statement)
        found = await catalogue.violations(admin)
        if not any(line.startswith(f"{rule} ") for line in found):
            silent.append(f"{rule}: found only {found}")
        await admin.execute("ROLLBACK")
    assert silent == []


def test_every_table_without_a_tenant_says_why() -> None:
    assert all(len(reason) > 30 for reason in catalogue.SHARED.values()), catalogue.SHARED


async def test_the_grants_are_the_approved_ones(admin: Connection) -> None:
    """After a change that is meant: TSUNAGARI_APPROVE=1 make test ARGS="-k approved_ones"; review it."""
    granted = "\n".join(await catalogue.grants(admin)) + "\n"
    if os.environ.get("TSUNAGARI_APPROVE"):
        APPROVED.write_text(granted, encoding="utf-8")
    assert granted == APPROVED.read_text(encoding="utf-8")


async def test_a_wider_grant_shows(admin: Connection) -> None:
    await admin.execute(f"GRANT DELETE ON tsunagari.audit_entry TO {APP}")
    await admin.execute(f"GRANT UPDATE (code) ON tsunagari.planted TO {APP}")
    granted = await catalogue.grants(admin)
    assert f"audit_entry | {APP} | DELETE, INSERT, SELECT" in granted
    assert f"planted.code | {APP} | UPDATE" in granted
