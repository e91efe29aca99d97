"""One effect for each Idempotency-Key, however often and however fast a request is sent again."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from libs.errors.problems import InProgress, KeyReused, NotAllowed
from libs.persistence.actor import SYSTEM
from libs.persistence.work import Work
from libs.serving.idempotency import Request, once
from tests.stage.founded import Founded, founded

KEYS = 40
SENDS = 5
REQUEST = Request("ab" * 32, "key-1", "apply", b"\x01" * 32)


@pytest.fixture
async def ikoma() -> AsyncGenerator[Founded]:
    async with founded() as platform:
        await platform.found("ikoma", "292095")
        yield platform


async def _send(
    platform: Founded, request: Request, tenant: str = "ikoma", *, allowed: bool = True
) -> uuid.UUID:
    """The action leaves one notice and one audit entry, and answers a new id."""
    async with platform.app.work(platform.tenants[tenant], SYSTEM, account=request.account) as work:
        return await once(work, request, lambda: _effect(work, allowed=allowed))


async def _effect(work: Work, *, allowed: bool) -> uuid.UUID:
    made = uuid.uuid4()
    work.tell("effect", made)
    work.record("effect", "thing", made)
    if not allowed:
        raise NotAllowed
    await asyncio.sleep(0)
    return made


async def _effects(platform: Founded) -> int:
    notices: int = await platform.admin.fetchval(
        "SELECT count(*) FROM tsunagari.outbox WHERE topic = 'effect'"
    )
    entries = await platform.admin.fetchval(
        "SELECT count(*) FROM tsunagari.audit_entry WHERE action = 'effect'"
    )
    assert notices == entries
    return notices


async def _outcomes(platform: Founded, keys: int) -> Counter[str]:
    said: Counter[str] = Counter()
    for number in range(keys):
        request = replace(REQUEST, key=f"race-{number}")
        answers = await asyncio.gather(
            *(_send(platform, request) for _ in range(SENDS)), return_exceptions=True
        )
        ids = {answer for answer in answers if isinstance(answer, uuid.UUID)}
        assert len(ids) == 1, answers
        said.update(
            "answered" if isinstance(answer, uuid.UUID) else type(answer).__name__ for answer in answers
        )
        assert await _send(platform, request) in ids
    return said


async def test_five_at_once_have_one_effect(ikoma: Founded) -> None:
    said = await _outcomes(ikoma, KEYS)
    assert await _effects(ikoma) == KEYS
    assert set(said) <= {"answered", "InProgress"}
    assert said["answered"] + said["InProgress"] == KEYS * SENDS


@pytest.mark.soak
async def test_ten_thousand_keys_have_ten_thousand_effects(ikoma: Founded) -> None:
    await _outcomes(ikoma, 10_000)
    assert await _effects(ikoma) == 10_000


async def test_while_the_first_runs_the_second_is_told_to_wait(ikoma: Founded) -> None:
    async with ikoma.app.work(ikoma.tenants["ikoma"], SYSTEM, account=REQUEST.account) as work:
        first = await once(work, REQUEST, lambda: _effect(work, allowed=True))
        with pytest.raises(InProgress):
            await _send(ikoma, REQUEST)
    assert await _send(ikoma, REQUEST) == first
    assert await _effects(ikoma) == 1


async def test_another_request_under_the_same_key_is_refused(ikoma: Founded) -> None:
    await _send(ikoma, REQUEST)
    with pytest.raises(KeyReused):
        await _send(ikoma, replace(REQUEST, request_hash=b"\x02" * 32))
    assert await _effects(ikoma) == 1


async def test_a_refused_request_is_judged_again(ikoma: Founded) -> None:
    with pytest.raises(NotAllowed):
        await _send(ikoma, REQUEST, allowed=False)
    assert await _effects(ikoma) == 0
    await _send(ikoma, REQUEST)
    assert await _effects(ikoma) == 1


async def test_a_key_is_one_accounts_in_one_tenant_for_one_root_field(ikoma: Founded) -> None:
    """Nobody learns from a key that somebody else used it."""
    await ikoma.found("takamatsu", "372013")
    ids = {
        await _send(ikoma, REQUEST),
        await _send(ikoma, REQUEST, "takamatsu"),
        await _send(ikoma, replace(REQUEST, account="cd" * 32)),
        await _send(ikoma, replace(REQUEST, root_field="other")),
    }
    assert len(ids) == 4
    assert await _effects(ikoma) == 4


async def test_without_the_record_the_race_would_double(ikoma: Founded) -> None:
    """The planted fault: the same sends with a key each."""
    requests = [replace(REQUEST, key=f"own-{number}") for number in range(SENDS)]
    await asyncio.gather(*(_send(ikoma, request) for request in requests))
    assert await _effects(ikoma) == SENDS
