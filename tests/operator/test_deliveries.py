"""Dead letters, as an operator sees them and sends them again: codes only, and audited."""

import json
from typing import Any

from libs.observability.worker_metrics import WorkerMetrics
from libs.persistence.roles import APP
from services.operator.environment import VARIABLES
from services.platform.notices.actions.telling import people
from services.platform.notices.backlog import count_dead_letters
from tests.notices.conftest import Desk, address, box, desk
from tests.notices.mailbox import Mailbox
from tests.operator.test_commands import refused, run

__all__ = ["box", "desk"]


def deliveries(desk: Desk, *words: str) -> Any:
    return run("deliveries", *words, **{VARIABLES[APP]: desk.cities.stage.url(APP)})


async def two_dead(desk: Desk, box: Mailbox) -> None:
    box.answers["RCPT"] = ["550 nobody here"] * 2
    for _ in range(2):
        await desk.tell("referral_sent", people(desk.people["sato"]))
    await desk.deliver()
    assert await desk.states() == ["dead", "dead"]


async def told_to_who_watches(desk: Desk) -> float | None:
    """By a worker that carried none of them itself."""
    metrics = WorkerMetrics()
    async with desk.cities.stage.database() as tenants:
        await count_dead_letters(tenants, metrics.dead_letters)
    return metrics.registry.get_sample_value("tsunagari_dead_letters", {"channel": "mail"})


async def test_dead_letters_are_listed_by_code_alone(desk: Desk, box: Mailbox) -> None:
    assert deliveries(desk, "list", "--tenant", "ikoma").returncode == 0
    await two_dead(desk, box)
    done = deliveries(desk, "list", "--tenant", "ikoma", "--json")
    assert done.returncode == 1, done
    rows = json.loads(done.stdout)
    assert [(row["channel"], row["kind"], row["last_code"]) for row in rows] == [
        ("mail", "referral_sent", "smtp_550")
    ] * 2
    told = done.stdout + deliveries(desk, "list", "--tenant", "ikoma").stdout
    assert address("sato") not in told
    assert str(desk.people["sato"]) not in told
    assert json.loads(deliveries(desk, "list", "--tenant", "takamatsu", "--json").stdout) == []


async def test_dead_letters_of_all_platforms_are_counted_without_a_word_of_them(
    desk: Desk, box: Mailbox
) -> None:
    assert deliveries(desk, "list").returncode == 0
    await two_dead(desk, box)
    done = deliveries(desk, "list", "--json")
    assert done.returncode == 1, done
    (row,) = json.loads(done.stdout)
    assert row.pop("since")
    assert row == {
        "tenant": "ikoma",
        "channel": "mail",
        "kind": "referral_sent",
        "last_code": "smtp_550",
        "count": 2,
    }
    assert address("sato") not in done.stdout + deliveries(desk, "list").stdout
    refused(deliveries(desk, "list", "--state", "waiting"), "INVALID_INPUT")


async def test_one_or_all_are_sent_again_and_it_is_audited(desk: Desk, box: Mailbox) -> None:
    await two_dead(desk, box)
    assert await told_to_who_watches(desk) == 2
    first = str((await desk.deliveries())[0]["id"])
    once = deliveries(desk, "retry", first, "--tenant", "ikoma", "--json")
    assert json.loads(once.stdout) == [{"id": first}]
    await desk.deliver()
    assert sorted(await desk.states()) == ["dead", "sent"]
    assert len(json.loads(deliveries(desk, "retry", "--tenant", "ikoma", "--json").stdout)) == 1
    await desk.deliver()
    assert await desk.states() == ["sent", "sent"]
    assert await told_to_who_watches(desk) == 0
    audited = await desk.rows("SELECT 1 FROM tsunagari.audit_entry WHERE action = 'retry_delivery'")
    assert len(audited) == 2
    assert json.loads(deliveries(desk, "retry", "--tenant", "ikoma", "--json").stdout) == []


async def test_another_platforms_are_not_reached(desk: Desk, box: Mailbox) -> None:
    await two_dead(desk, box)
    first = str((await desk.deliveries())[0]["id"])
    assert json.loads(deliveries(desk, "retry", first, "--tenant", "takamatsu", "--json").stdout) == []
    assert await desk.states() == ["dead", "dead"]
    refused(deliveries(desk, "retry", "first", "--tenant", "ikoma"), "INVALID_INPUT")
    refused(deliveries(desk, "list", "--tenant", "ikooma"), "NOT_FOUND")
