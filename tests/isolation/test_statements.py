"""The reader of statements finds what it must; every statement of the suite goes through it (tests.stage)."""

import re
import uuid
from pathlib import Path

import pytest

from libs.persistence.actor import SYSTEM
from libs.persistence.database import Context
from tests.stage import watched
from tests.stage.cities import Cities
from tests.stage.statement_rules import broken_rules

SECTIONS = re.split(
    r"^-- (good|bad: .*)$",
    Path(__file__).with_name("statements.sql").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)[1:]
STATEMENTS = list(zip(SECTIONS[::2], SECTIONS[1::2], strict=True))
GOOD = [text.strip() for title, text in STATEMENTS if title == "good"]
BAD = {title: text.strip() for title, text in STATEMENTS if title != "good"}


@pytest.mark.parametrize("text", GOOD)
def test_a_statement_that_names_its_tenant_passes(text: str) -> None:
    assert broken_rules(text) == ()


@pytest.mark.parametrize("name", BAD)
def test_a_statement_that_reads_past_its_tenant_is_found(name: str) -> None:
    assert broken_rules(BAD[name])


async def test_a_bad_statement_sent_through_a_database_fails_its_test(cities: Cities) -> None:
    planted = "SELECT count(*) FROM tsunagari.person -- planted"
    async with cities.stage.database() as database:
        await database.read(Context(uuid.uuid4()), planted, ())
    with pytest.raises(AssertionError, match="person AS person is read without tenant_id"):
        watched.refuse_bad_statements()


async def test_what_the_app_and_a_work_send_is_watched(cities: Cities) -> None:
    """The positive control: reading over HTTP, and writing, were really looked at."""
    await cities.ines.ask("{ organisations { totalCount } }")
    async with cities.stage.database() as database, database.work(uuid.uuid4(), SYSTEM) as work:
        work.tell("watched", uuid.uuid4())
    texts = watched.seen()
    assert any("tsunagari.organisation" in text and "JSON" in text for text in texts)
    assert any("INSERT INTO tsunagari.outbox" in text for text in texts)
    assert any(text.startswith("BEGIN READ ONLY;SET LOCAL app.tenant_id") for text in texts)
