"""The month ends: somebody leaves, the nation reads figures, and everything is in order."""

import asyncio
from typing import Any

import msgspec

from libs.figures.months import Month
from libs.figures.publishing import publish
from libs.persistence import audit
from libs.persistence.roles import PUBLISHER
from services.operator.environment import VARIABLES
from services.secretariat.staff import appoint
from tests.groups.said import group_of
from tests.journey.month.town import Town
from tests.members.said import does, own
from tests.operator.test_commands import run
from tests.practices.test_practices import ACCEPT, DESK, LIBRARY, WORKED
from tests.referrals import documents as said
from tests.referrals.conftest import PERSON
from tests.secretariat.office import ISSUER, opened, staff_token
from tests.stage.log_watch import leaks, own_lines
from tests.stage.tokens import key_folder, trusted

FIGURES = """query ($month: String!) { figures(month: $month, level: TENANT) {
  nodes { tenant { name } measure breakdown value mark } } }"""


async def people_leave(town: Town) -> None:
    """Emi goes, and the person whom she helped is the desk's now; Kato's company gives its seat up."""
    emi, ines, loop = town.person("emi"), town.person("ines"), town.loop
    case = (await emi.do(said.OPEN_CASE, kind="PERSON", needs=["FOOD"], person=PERSON))["case"]["id"]
    me = (await emi.ask("{ me { id } }")).data["me"]["id"]
    await does(ines, "removePerson", organisationId=loop.organisations["ines"], personId=me)
    await town.works()
    assert "CASE_TO_DESK" in await town.told("ines")
    assert (await ines.ask(said.CASE, id=case)).data["case"]["caseworker"] is None
    assert (await emi.ask(said.CASE, id=case)).data["case"] is None
    company = await own(town.person("kato"))
    await does(town.person("kato"), "leave", id=company["id"], version=company["version"])
    await town.works()
    seats = (await group_of(ines, loop.group))["seats"]["nodes"]
    assert "まちの電器株式会社" not in {each["organisation"]["name"] for each in seats if not each["untilOn"]}


async def the_nation_reads(town: Town) -> None:
    """What the worker submitted at the turn of the month is published; the practice is in the library."""
    async with town.stage.database(PUBLISHER) as publisher:
        await publish(publisher, Month.parse("2027-06"), town.stage.clock())
    async with opened(town.stage) as office:
        rows = (await office.nagata(FIGURES, month="2027-06")).data["figures"]["nodes"]
        found = {(row["measure"], row["breakdown"]): (row["value"], row["mark"]) for row in rows}
        assert found["REFERRALS", "sent"] == (None, "WITHHELD"), "of fewer than ten nothing is told"
        assert found["MEMBERS", "npo"] == (2, "VALUE")
        async with office.owner() as owner:
            await appoint(owner, (ISSUER, "kudo"), "工藤", "administrator")
        (practice,) = (await office.nagata(DESK)).data["practices"]["nodes"]
        at: dict[str, Any] = {"id": practice["id"], "version": practice["version"]}
        assert (await office.ask(staff_token("kudo"), ACCEPT, **at)).data["acceptPractice"][
            "state"
        ] == "ACCEPTED"
    (read,) = (await town.person("sato").ask(LIBRARY)).data["library"]
    assert (read["title"], read["source"]) == (WORKED["title"], "生駒市")


async def all_is_in_order(town: Town) -> None:
    """The chain is whole, nothing was given up, nobody's story is in a log, and the doctor is content."""
    async with town.stage.sql() as sql:
        (tenant,) = await sql.fetch("SELECT tenant_id FROM tsunagari.tenant")
        entries = await sql.fetch(audit.CHAIN.sql, tenant["tenant_id"])
        head = await sql.fetchrow(audit.HEAD.sql, tenant["tenant_id"])
        tried_again = await sql.fetch("SELECT kind FROM tsunagari.work_due WHERE attempts > 0")
        unsent = await sql.fetch(
            "SELECT kind, last_code FROM tsunagari.notice_delivery WHERE state <> 'sent'"
        )
    assert len(entries) > 100
    assert audit.first_break(map(_decoded, entries), head) is None
    assert (tried_again, unsent) == ([], [])
    assert leaks(own_lines()) == []
    examined = await asyncio.to_thread(run, "doctor", "--json", **_deployed(town))
    assert examined.returncode == 0, examined.stdout


def _decoded(entry: Any) -> dict[str, Any]:
    return {**entry, "codes": msgspec.json.decode(entry["codes"])}


def _deployed(town: Town) -> dict[str, str]:
    """What an operator's shell has set."""
    urls = {VARIABLES[role]: town.stage.url(role) for role in VARIABLES}
    issuers = msgspec.json.encode([trusted()]).decode()
    return urls | {
        "TSUNAGARI_MODE": "demo",
        "TSUNAGARI_ISSUERS": issuers,
        "TSUNAGARI_KEY_FOLDER": str(key_folder()),
    }
