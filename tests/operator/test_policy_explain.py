"""An operator asks why somebody sees a real object or does not: codes only, and the chain says so."""

import json
from typing import Any

from libs.persistence.roles import APP
from services.operator.environment import VARIABLES
from tests.operator.test_commands import refused, run
from tests.referrals.conftest import ASK, SECRETS, Loop

ABSENT = "01890000-0000-7000-8000-000000000000"


def explained(loop: Loop, *words: str) -> Any:
    return run("policy", "explain", *words, **{VARIABLES[APP]: loop.cities.stage.url(APP)})


def at(loop: Loop, on: str, as_: str) -> tuple[str, ...]:
    return "--tenant", "ikoma", "--as", as_, "--on", on


async def test_a_real_object_is_explained_in_codes(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    words = at(loop, taken["id"], loop.organisations["sato"])
    done = explained(loop, *words, "--role", "desk", "--json")
    assert done.returncode == 0, done
    cells = {cell["what"]: cell for cell in json.loads(done.stdout)}
    assert cells["ask"]["answer"] == "open"
    assert cells["REPORT_OUTCOME"]["rule"] == "npo, desk, referral, report_outcome, recipient"
    assert (cells["ACCEPT_REFERRAL"]["answer"], cells["CONFIRM_LOOP"]["answer"]) == ("state", "withheld")
    assert cells["REVEAL_IDENTITY"]["relations"]["consent"] is None
    told = done.stdout + explained(loop, *words).stdout
    assert ASK not in told
    assert not [secret for secret in SECRETS if secret in told]


async def test_it_is_noted_in_the_platforms_own_chain(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    assert explained(loop, *at(loop, card["id"], loop.organisations["hana"])).returncode == 0
    async with loop.cities.stage.sql() as sql:
        entry = await sql.fetchrow(
            "SELECT * FROM tsunagari.audit_entry ORDER BY at DESC, sequence DESC LIMIT 1"
        )
    assert entry is not None
    assert (entry["action"], entry["person_id"]) == ("explain_policy", None)
    assert f"referral_{entry['object_id']}" == card["id"]


async def test_what_somebody_cannot_find_is_code_1(loop: Loop) -> None:
    case = await loop.case()
    ines = (await loop.person("mori").ask("{ me { id } }")).data["me"]["id"]
    done = explained(loop, *at(loop, case, ines), "--json")
    assert done.returncode == 1, done
    assert {cell["answer"] for cell in json.loads(done.stdout)} == {"withheld"}


async def test_another_platforms_rows_are_not_reached(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    theirs = (await loop.person("ueda").ask("{ myOrganisation { id } }")).data["myOrganisation"]["id"]
    refused(explained(loop, *at(loop, card["id"], theirs)), "NOT_FOUND")
    elsewhere = ("--tenant", "takamatsu", "--as", theirs, "--on", card["id"])
    refused(explained(loop, *elsewhere), "NOT_FOUND")


async def test_wrong_words_are_refused_with_what_to_give(loop: Loop) -> None:
    sato = loop.organisations["sato"]
    for words, code in (
        (("--tenant", "ikoma", "--as", sato), "INVALID_INPUT"),
        (("referral.ask", "--kind", "npo", *at(loop, loop.group, sato)), "INVALID_INPUT"),
        (at(loop, loop.group, loop.group), "INVALID_INPUT"),
        (at(loop, f"martian_{ABSENT}", sato), "INVALID_INPUT"),
        (at(loop, "nothing", sato), "INVALID_INPUT"),
        ((*at(loop, loop.group, sato), "--role", "king"), "INVALID_INPUT"),
        (at(loop, f"referral_{ABSENT}", sato), "NOT_FOUND"),
        (at(loop, loop.group, f"organisation_{ABSENT}"), "NOT_FOUND"),
        (("--tenant", "nowhere", "--as", sato, "--on", loop.group), "NOT_FOUND"),
    ):
        refused(explained(loop, *words), code)
    refused(run("policy", "explain", *at(loop, loop.group, sato)), "INVALID_INPUT")
