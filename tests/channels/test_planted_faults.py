"""Every harness is seen to find a fault: one is planted in the product for each way out, and must be told."""

import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

import pytest
import sqlalchemy as sa
import structlog

from libs.errors.problems import NotAllowed, NotFound, StaleVersion, WrongState
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.policy.rules import Policy
from libs.reading.rows import Rows
from services.platform.notices.sending import mails
from services.platform.referrals.actions import revealing
from services.platform.relations import RELATIONS
from tests.cells.opened import TEXT
from tests.channels import lists
from tests.channels.asking import ABSENT, ask_for, differences
from tests.channels.expected import WATCHERS, may
from tests.channels.marks import found
from tests.channels.refusing import refused_steps
from tests.channels.ways import Scene
from tests.channels.world import World, seen_anew
from tests.stage.tables import everything

POSTED: Final = Scene("open_board", "posted", "zzd")
SENT: Final = Scene("consent_npo", "sent", "zze")
DECLINED: Final = Scene("consent_npo", "declined", "zzf")
Patch = pytest.MonkeyPatch
Fact = tuple[str, str]


def _who(name: str) -> Any:
    return next(each for each in WATCHERS if each.name == name)


async def _differences(world: World, name: str, scene: Scene) -> list[str]:
    """Of one referral, as this person finds it through an app that begins with the fault."""
    told = await world.tell(scene)
    async with seen_anew(world) as anew:
        (learnt,) = await ask_for(anew.person(name), [told], thorough=True)
    return differences(_who(name), told, may(_who(name), scene), learnt)


def _with_policy(patch: Patch, line: str, other: str) -> None:
    assert f"{line}\n" in TEXT
    changed = Policy.parse(TEXT.replace(f"{line}\n", f"{other}\n"))

    def baseline(_: type[Policy]) -> Policy:
        return changed

    patch.setattr(Policy, "baseline", classmethod(baseline))


def _with_relation(patch: Patch, faulty: Callable[[Fact], Fact | None]) -> None:
    """Another relation in the place of one, or None for one that always holds. What was put together with
    the fault is forgotten with it."""
    usual, forgotten = RELATIONS.predicate, OrderedDict[Any, Any]()

    def predicate(object: str, name: str, *more: Any) -> Any:
        fact = faulty((object, name))
        return sa.true() if fact is None else usual(*fact, *more)

    patch.setattr(RELATIONS, "predicate", predicate)
    patch.setattr("libs.policy.acting._statements", forgotten)


async def test_a_line_of_the_policy_that_is_too_wide(quiet_world: World, monkeypatch: Patch) -> None:
    line = "p, company, any, referral.ask, read, group+posted+open_board"
    _with_policy(monkeypatch, line, f"{line}\np, company, any, referral.need, read, group+posted+open_board")
    told = await _differences(quiet_world, "kato", POSTED)
    assert any("reads too much ['need']" in each for each in told), told


async def test_a_line_of_the_policy_that_is_too_narrow(quiet_world: World, monkeypatch: Patch) -> None:
    line = "p, npo, any, referral, reveal_narrative, party+consent"
    _with_policy(monkeypatch, line, line.replace("party+", "accepted+"))
    told = await _differences(quiet_world, "saki", SENT)
    assert any("opens too much [], too little ['L2']" in each for each in told), told


async def test_a_party_that_stays_one_after_its_decline(quiet_world: World, monkeypatch: Patch) -> None:
    ever = {("referral", "party"): ("referral", "ever_party")}
    _with_relation(monkeypatch, lambda fact: ever.get(fact, fact))
    told = await _differences(quiet_world, "sato", DECLINED)
    assert any("reads too much ['ask', 'need']" in each for each in told), told


async def test_a_filter_on_what_is_withheld(quiet_world: World, monkeypatch: Patch) -> None:
    def of_nothing(_: Rows) -> list[bool]:
        return []

    monkeypatch.setattr(Rows, "_judged", of_nothing)
    await quiet_world.tell(Scene("open_board", "posted", "zzg"))
    async with seen_anew(quiet_world) as anew:
        told = await lists.filters_of(anew, _who("kato"))
    assert any("board(need: " in each and "counts" in each for each in told), told


async def test_a_list_that_holds_rows_of_others(quiet_world: World, monkeypatch: Patch) -> None:
    held = ("referral", "open_board")
    _with_relation(monkeypatch, lambda fact: None if fact == held else fact)
    quiet_world.told.append(await quiet_world.tell(Scene("board", "posted", "zzh")))
    async with seen_anew(quiet_world) as anew:
        told = await lists.differences(anew, _who("kato"))
    quiet_world.told.clear()
    assert any("zzh: ask" in each for each in told), told
    assert any("too many" in each for each in told), told


async def test_a_mail_that_says_what_it_is_about(quiet_world: World, monkeypatch: Patch) -> None:
    usual = mails.of_notice

    def telling(kind: str, *words: Any) -> mails.Words:
        said = usual(kind, *words)
        return mails.Words(f"{said.subject} zqask_zzi", said.body)

    monkeypatch.setattr(mails, "of_notice", telling)
    await quiet_world.tell(Scene("consent_npo", "sent", "zzi"))
    await quiet_world.deliver()
    assert found(quiet_world.left()) == {"zzi": {"ask"}}
    quiet_world.box.received.clear()


async def test_a_line_of_the_log_that_says_what_was_opened(quiet_world: World, monkeypatch: Patch) -> None:
    usual = revealing.open_texts

    def talkative(*given: Any) -> dict[str, str]:
        texts: dict[str, str] = usual(*given)
        structlog.get_logger("planted").info("opened", **texts)
        return texts

    monkeypatch.setattr(revealing, "open_texts", talkative)
    with structlog.testing.capture_logs() as lines:  # so that the run's own log stays clean
        await quiet_world.tell(Scene("consent_npo", "sent", "zzj"))
    assert found(json.dumps(lines)) == {"zzj": {"texts"}}


async def test_an_audit_entry_that_says_what_was_written(quiet_world: World, monkeypatch: Patch) -> None:
    usual = Work.record

    def talkative(work: Work, action: str, *given: Any, **codes: Any) -> Any:
        return usual(work, action, *given, **codes, said="zqstory_zzk")

    monkeypatch.setattr(Work, "record", talkative)
    await quiet_world.tell(Scene("consent_npo", "draft", "zzk"))
    async with quiet_world.cities.stage.sql() as sql:
        assert found((await everything(sql))["audit_entry"]) == {"zzk": {"L2"}}


async def test_a_refusal_that_repeats_what_is_written(quiet_world: World, monkeypatch: Patch) -> None:
    told = await quiet_world.tell(Scene("consent_npo", "sent", "zzl"))
    usual = Acting.find

    async def telling(acting: Acting, *given: Any, **more: Any) -> Any:
        try:
            return await usual(acting, *given, **more)
        except StaleVersion as stale:
            raise WrongState("sent", stale.ja, "Others changed: zqask_zzl") from None

    monkeypatch.setattr(Acting, "find", telling)
    assert found(json.dumps(await refused_steps(quiet_world, "ines", told.referral))) == {"zzl": {"ask"}}


async def test_a_refusal_that_tells_the_hidden_from_the_absent(
    quiet_world: World, monkeypatch: Patch
) -> None:
    usual = Acting.find

    async def telling(acting: Acting, object: str, table: Any, identity: Any, **more: Any) -> Any:
        try:
            return await usual(acting, object, table, identity, **more)
        except NotFound:
            if str(identity) == ABSENT:
                raise
            raise NotAllowed from None

    monkeypatch.setattr(Acting, "find", telling)
    told = await _differences(quiet_world, "nao", Scene("consent_npo", "accepted", "zzm"))
    assert any("L3 is not as absent" in each for each in told), told
