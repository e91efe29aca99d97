"""Papers of an application: the organisation's and the coordinator's, until nobody needs them any more."""

from datetime import timedelta
from typing import Any

from libs.persistence.roles import APP, WORKER
from libs.persistence.worker import Worker
from services.platform.files import jobs as files
from services.platform.papers import jobs as papers
from tests.files.papers import PDF
from tests.files.sending import OPEN, fetched, link_to, sent
from tests.members.said import applied, does, own
from tests.papers.said import ADD, QUEUE, REMOVE, audited, handed_in, hands_in, kept, organisation_of
from tests.stage.cities import Cities

DAY = timedelta(days=1).total_seconds()


async def _contents_gone(cities: Cities) -> int:
    """How many contents the worker deleted, after it had done all that is due."""
    stage = cities.stage
    async with stage.database(WORKER) as claims, stage.database(APP) as tenants:
        worker = Worker(claims, tenants, papers.JOBS, files.errands(kept()))
        await worker.do_due()
        return await worker.run_errands()


async def test_an_applicants_papers_are_its_own_and_the_coordinators(cities: Cities) -> None:
    midori = await applied(cities.stranger)
    added = await hands_in(cities.stranger, midori["id"])
    paper = added["paper"]
    assert (paper["kind"], paper["title"], paper["name"]) == ("ARTICLES", "定款", "定款.pdf")
    assert (paper["mediaType"], paper["size"]) == ("application/pdf", len(PDF))
    assert paper["viewerCan"] == ["REMOVE_PAPER"]
    for person in (cities.stranger, cities.mori):
        assert [each["id"] for each in await handed_in(person, midori["id"]) or ()] == [paper["id"]]
        assert (await fetched(cities, await link_to(person, paper["id"]))).content == PDF
    (waiting,) = (await cities.mori.ask(QUEUE)).data["applications"]["nodes"]
    (seen,) = waiting["applicationPapers"]["nodes"]
    assert (seen["kind"], seen["createdAt"]) == ("ARTICLES", paper["createdAt"])
    upload = await sent(cities.ines, "名簿.pdf", PDF)
    theirs: dict[str, Any] = {"organisationId": midori["id"], "uploadId": upload["id"]}
    theirs |= {"kind": "OTHER", "title": "名簿"}
    for name in ("ines", "hana", "kato", "ueda", "anyone"):
        person = cities.person(name)
        assert not await handed_in(person, midori["id"])
        assert "path" not in str((await person.ask(OPEN, input={"id": paper["id"]})).body)
        if name != "anyone":
            refused = await person.do(REMOVE, id=paper["id"], version=1)
            assert refused["problem"] == "NOT_FOUND"
            assert (await person.do(ADD, **theirs))["problem"] == "NOT_FOUND"
    untitled: dict[str, Any] = theirs | {"title": "  "}
    nameless = await cities.stranger.do(ADD, **untitled)
    assert (nameless["problem"], nameless["field"]) == ("INVALID_INPUT", "title")
    stale = await cities.stranger.do(REMOVE, id=paper["id"], version=2)
    assert stale["problem"] == "STALE_VERSION"
    assert (await cities.stranger.do(REMOVE, id=paper["id"], version=1))["paper"] is None
    assert await handed_in(cities.stranger, midori["id"]) == []
    assert await _contents_gone(cities) == 1
    assert (await audited(cities, "add_paper"), await audited(cities, "remove_paper")) == (1, 1)


async def test_a_member_hands_in_later_and_no_department_reads_what_it_did(cities: Cities) -> None:
    npo, company = await organisation_of(cities.ines), await organisation_of(cities.kato)
    paper = (await hands_in(cities.ines, npo, "令和8年度事業報告.pdf", "REPORT"))["paper"]
    by_the_office = await hands_in(cities.mori, npo, "会員名簿.pdf", "MEMBERS")
    assert by_the_office["paper"]["kind"] == "MEMBERS"
    assert len(await handed_in(cities.ines, npo) or ()) == 2
    # of a member that everybody sees the papers are withheld, whether it has any or not
    for name in ("hana", "kato", "sato"):
        assert await handed_in(cities.person(name), npo) is None
        assert "path" not in str((await cities.person(name).ask(OPEN, input={"id": paper["id"]})).body)
    assert (await hands_in(cities.hana, npo))["problem"] == "NOT_ALLOWED"
    assert await handed_in(cities.kato, company) == []
    hidden = await hands_in(cities.hana, await organisation_of(cities.hana))
    assert hidden["problem"] == "NOT_ALLOWED"


async def test_papers_go_after_the_platforms_time_and_with_the_member(cities: Cities) -> None:
    platform = (await cities.mori.ask("{ platform { version paperRetentionDays } }")).data["platform"]
    assert platform["paperRetentionDays"] == 90
    await does(cities.mori, "changeSettings", version=platform["version"], paperRetentionDays=30)
    midori = await applied(cities.stranger)
    await hands_in(cities.stranger, midori["id"])
    declined = {"id": midori["id"], "version": midori["version"], "reason": "書類が足りません"}
    await does(cities.mori, "declineMember", **declined)
    assert (await hands_in(cities.stranger, midori["id"]))["problem"] == "WRONG_STATE"
    left = (await handed_in(cities.stranger, midori["id"]) or [])[0]
    refused = await cities.stranger.do(REMOVE, id=left["id"], version=1)
    assert (refused["problem"], left["viewerCan"]) == ("WRONG_STATE", [])
    cities.stage.clock.move(seconds=29 * DAY)
    assert await _contents_gone(cities) == 0
    assert await handed_in(cities.mori, midori["id"]) == [left]
    cities.stage.clock.move(seconds=2 * DAY)
    assert await _contents_gone(cities) == 1
    assert await handed_in(cities.mori, midori["id"]) == []
    again = await applied(cities.stranger, "NPO法人みどりの会")
    await hands_in(cities.stranger, again["id"])
    await does(cities.stranger, "withdrawApplication", id=again["id"], version=again["version"])
    cities.stage.clock.move(seconds=31 * DAY)
    assert await _contents_gone(cities) == 1
    member = await own(cities.kato)
    kato = member["id"]
    await hands_in(cities.kato, kato)
    ends = {"id": kato, "version": member["version"]}
    assert (await does(cities.mori, "endMembership", **ends))["organisation"]["status"] == "WITHDRAWN"
    assert await handed_in(cities.mori, kato) == []
    assert await _contents_gone(cities) == 1
