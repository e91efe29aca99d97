"""`tsunagari audit`: a change inside a chain shows by the chain, a chain rewritten whole by a head."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from libs.persistence import audit
from libs.persistence.actor import Actor
from tests.operator.test_commands import refused, run, settings
from tests.stage.founded import Founded, founded

ENTRIES = 5


async def _operate(stage: Founded, times: int = ENTRIES) -> None:
    async with stage.app.work(stage.tenants["nara"], Actor(uuid.uuid4(), uuid.uuid4())) as work:
        for number in range(times):
            work.record("verify", "thing", uuid.uuid4(), number=number)


@pytest.fixture
async def nara() -> Any:
    async with founded() as stage:
        await stage.found("nara", "292010")
        await _operate(stage)
        yield stage


def verified(stage: Founded, *words: str) -> tuple[int, dict[str, Any]]:
    done = run("audit", "verify", "--json", *words, **settings(stage))
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)[0]


async def test_the_head_is_exported_and_the_chain_that_grew_still_holds_against_it(
    nara: Founded, tmp_path: Path
) -> None:
    file = str(tmp_path / "heads.json")
    done = run("audit", "head", "--export", file, "--json", **settings(nara))
    assert done.returncode == 0, done.stderr
    (kept,) = json.loads(done.stdout)
    assert (kept["platform"], kept["sequence"], len(kept["sha256"])) == ("nara", ENTRIES + 1, 64)
    await _operate(nara, 3)
    code, row = verified(nara, "--against", file)
    assert (code, row["whole"], row["entries"]) == (0, True, ENTRIES + 4)


async def test_a_chain_rewritten_whole_holds_by_itself_and_not_against_the_head(
    nara: Founded, tmp_path: Path
) -> None:
    """Somebody with the whole database takes one entry out and hashes all the others anew."""
    file = str(tmp_path / "heads.json")
    run("audit", "head", "--export", file, **settings(nara))
    await _rewrite(nara)
    assert verified(nara)[1]["whole"] is True
    code, row = verified(nara, "--against", file)
    assert (code, row["first_break"], row["reason"]) == (
        1,
        ENTRIES + 1,
        "shorter than the head kept elsewhere",
    )
    await _operate(nara, 2)
    code, row = verified(nara, "--against", file)
    assert (code, row["first_break"], row["reason"]) == (1, ENTRIES + 1, "not the head kept elsewhere")


async def _rewrite(stage: Founded) -> None:
    tenant, admin = stage.tenants["nara"], stage.admin
    async with stage.app.work(tenant, Actor(None, None)) as work:
        entries = [dict(row) for row in await work.rows(audit.CHAIN)]
    await admin.execute("DELETE FROM tsunagari.audit_entry")
    await admin.execute("UPDATE tsunagari.audit_head SET sequence = 0, hash = $1", audit.GENESIS)
    async with stage.app.work(tenant, Actor(None, None)) as work:
        for each in (entry for entry in entries if entry["sequence"] != 3):
            actor = Actor(each["person_id"], each["organisation_id"])
            work.entries.append(
                audit.Entry(
                    each["at"],
                    actor,
                    each["action"],
                    each["object_type"],
                    each["object_id"],
                    each["codes"],
                )
            )


FAULTS = {
    "altered row": ("UPDATE tsunagari.audit_entry SET action = 'x' WHERE sequence = 3", 3, "altered"),
    "cut tail": ("DELETE FROM tsunagari.audit_entry WHERE sequence > 4", 5, "tail cut"),
    "row gone": ("DELETE FROM tsunagari.audit_entry WHERE sequence = 2", 2, "missing"),
    "swapped rows": (
        """UPDATE tsunagari.audit_entry t SET object_id = s.object_id FROM tsunagari.audit_entry s
           WHERE (t.sequence = 3 AND s.sequence = 4) OR (t.sequence = 4 AND s.sequence = 3)""",
        3,
        "altered",
    ),
    "moved head": (
        "UPDATE tsunagari.audit_head SET sequence = sequence + 1",
        ENTRIES + 2,
        "tail cut",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_first_broken_link_is_named(nara: Founded, fault: str) -> None:
    sql, sequence, reason = FAULTS[fault]
    await nara.admin.execute(sql)
    code, row = verified(nara)
    assert (code, row["first_break"], row["reason"]) == (1, sequence, reason)


async def test_a_platform_that_is_gone_is_found_by_its_head(nara: Founded, tmp_path: Path) -> None:
    file = tmp_path / "heads.json"
    run("audit", "head", "--export", str(file), **settings(nara))
    heads = json.loads(file.read_bytes())
    heads.append({**heads[0], "tenant": str(uuid.uuid4()), "platform": "gone"})
    file.write_text(json.dumps(heads))
    done = run("audit", "verify", "--json", "--against", str(file), **settings(nara))
    assert done.returncode == 1
    assert json.loads(done.stdout)[1]["platform"] == "gone"


async def test_a_file_of_another_form_is_refused(nara: Founded, tmp_path: Path) -> None:
    for content in ("{}", '[{"tenant": "x"}]', "no json"):
        (tmp_path / "heads.json").write_text(content)
        refused(
            run("audit", "verify", "--against", str(tmp_path / "heads.json"), **settings(nara)),
            "INVALID_INPUT",
        )
