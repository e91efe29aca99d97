"""`viewerCan` names exactly the steps that are accepted of this viewer on this row: both ways, for all."""

import re
from collections.abc import AsyncGenerator, Iterable
from typing import Any, cast

import pytest
import sqlalchemy as sa

from libs.policy.acting import Acting
from libs.reading import viewer_can
from libs.reading.declare import Can
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.acting.city import VIEWERS, City, Row
from tests.acting.tries import TRIES, only_try, passes
from tests.stage.stage import Person

TABLES = {name: registry().stored[name].table.name for name in TRIES}
ON_NO_ROW = {
    "apply",
    "acceptInvitation",
    "createResource",
    "createWorkingGroup",
    "createEvent",
    "createSurvey",
    "createCourseText",
    "createCourse",
    "setTrainingTarget",
    "closeTrainingPeriod",
    "createEventSeries",
    "importEvents",
    "createCalendarFeed",
    "openCase",
    "registerWebhook",
    "establishCouncil",
    "callSitting",
    "offerPractice",
}
"""What is asked of no row that there is yet."""
Difference = tuple[str, str, str, bool]


@pytest.fixture
async def city(city: City, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[City]:
    """Where everything is only tried."""
    with monkeypatch.context() as patch:
        only_try(patch)
        yield city


async def differences(city: City, types: Iterable[str], viewers: Iterable[str] = VIEWERS) -> list[Difference]:
    """(who, row, step, offered): where `viewerCan` and the mutation's answer differ."""
    named = list(types)  # one after the other: a process that first learns what each may is busy with it
    return [each for who in viewers for each in await _of_viewer(city, who, named)]


async def _of_viewer(city: City, who: str, types: list[str]) -> list[Difference]:
    person = city.loop.cities.stage.person(who, "takamatsu" if who == "ueda" else "ikoma")
    me = (await person.ask("{ me { id } }")).data["me"]
    found: list[Difference] = []
    for type_name in types:
        for row in city.all(TABLES[type_name]):
            identity = f"{registry().stored[type_name].prefix}_{row['id']}"
            offered = await offered_to(person, type_name, identity)
            for step in TRIES[type_name]:
                theirs = step != "EDIT_PROFILE" or me == {"id": identity}
                open_ = theirs and await _is_accepted(city, person, (type_name, step), row, identity)
                if open_ != (step in offered):
                    found.append((who, identity, step, step in offered))
    return found


async def _is_accepted(city: City, person: Person, what: tuple[str, str], row: Row, identity: str) -> bool:
    type_name, step = what
    return await passes(person, *TRIES[type_name][step](city, row, identity))


async def offered_to(person: Person, type_name: str, identity: str) -> set[str]:
    """Nothing where the row is hidden."""
    text = f"query ($id: ID!) {{ node(id: $id) {{ ... on {type_name} {{ viewerCan hiddenFields }} }} }}"
    seen = (await person.ask(text, id=identity)).data["node"]
    assert seen is None or (seen["viewerCan"] is None) == ("viewerCan" in seen["hiddenFields"])
    return set() if seen is None else set(seen["viewerCan"] or ())


def test_every_step_offered_is_tried() -> None:
    offered = {
        name: {*cast("Any", field.enum).values}
        for name, field in registry().fields()
        if isinstance(field.declaration, Can)
    }
    # a list is taken by a route of its own (tests/exports), by no mutation
    offered["Platform"] -= {"EXPORT_LIST"}
    assert offered == {name: set(tries) for name, tries in TRIES.items()}


def test_every_mutation_on_a_row_is_offered() -> None:
    """A new mutation is a step of its row's `viewerCan`, or said to be on no row."""
    mutations = set(cast("Any", registry().schema).mutation_type.fields)
    named = {
        re.sub(r"_([a-z])", lambda hit: hit[1].upper(), step) for _, step in RELATIONS.steps.registered()
    }
    by_level = {"revealReferral", "revealCase", "accessPreview"}
    # whoever sees a file opens it, whoever sees a post has read it; a practice is no tenant's row
    by_sight = {"openFile", "markPostsRead", "withdrawPractice"}
    of_classes = {"defineMemberClass", "changeMemberClass", "endMemberClass"}  # KEEP_MEMBER_CLASSES
    of_profiles = {"setPhoto", "removePhoto"}  # EDIT_PROFILE
    assert mutations - named - ON_NO_ROW == by_level | by_sight | of_classes | of_profiles


async def test_the_loops_steps_are_offered_exactly_where_they_are_accepted(city: City) -> None:
    assert await differences(city, ["Referral"]) == []


async def test_steps_of_cases_and_consents_likewise(city: City) -> None:
    assert await differences(city, ["Case", "Consent", "Erasure"]) == []


async def test_steps_of_councils_sittings_and_break_glass_likewise(city: City) -> None:
    types = ["Council", "CouncilMember", "CouncilItem", "Sitting", "BreakGlass"]
    assert await differences(city, types) == []


async def test_steps_of_requests_for_help_likewise(city: City) -> None:
    assert await differences(city, ["HelpRequest"]) == []


async def test_steps_of_surveys_and_training_likewise(city: City) -> None:
    assert await differences(city, ["Survey", "CourseText", "Course", "Dispatch", "Certificate"]) == []


async def test_steps_of_offers_and_notes_likewise(city: City) -> None:
    assert await differences(city, ["Offer", "CardNote"]) == []


async def test_steps_of_members_and_people_likewise(city: City) -> None:
    assert await differences(city, ["Organisation", "Person", "Platform"]) == []


async def test_steps_of_services_and_places_likewise(city: City) -> None:
    assert await differences(city, ["Resource"]) == []


async def test_the_last_coordinator_is_kept(city: City) -> None:
    async with city.loop.cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.coordinator_appointment SET until = since WHERE person_id IN "
            "(SELECT id FROM tsunagari.person WHERE name LIKE 'nakai%')"
        )
    mori = city.loop.person("mori")
    me = (await mori.ask("{ me { id } myOrganisation { id } }")).data
    assert "DISMISS_COORDINATOR" not in await offered_to(mori, "Person", me["me"]["id"])
    offered = await offered_to(mori, "Organisation", me["myOrganisation"]["id"])
    assert not {"SUSPEND_MEMBER", "LEAVE", "END_MEMBERSHIP", "REMOVE_PERSON"} & offered
    assert await differences(city, ["Organisation", "Person"], ["mori"]) == []


async def test_steps_of_groups_likewise(city: City) -> None:
    assert await differences(city, ["WorkingGroup", "Seat", "SeatRequest", "Post"]) == []


async def test_steps_of_meetings_and_files_likewise(city: City) -> None:
    types = ["Meeting", "Minutes", "Decision", "Comment", "File", "ApplicationPaper"]
    assert await differences(city, types) == []


async def test_steps_of_events_likewise(city: City) -> None:
    assert await differences(city, ["Event", "Place", "CalendarFeed"]) == []


async def test_steps_of_notices_and_webhooks_likewise(city: City) -> None:
    assert await differences(city, ["Notice", "Inbox", "Webhook"]) == []


async def test_every_step_is_offered_to_somebody(city: City) -> None:
    """A positive control: where nothing is offered and nothing is accepted, nothing differs."""
    missing: set[tuple[str, str]] = set()
    for type_name, tries in TRIES.items():
        prefix, table = registry().stored[type_name].prefix, TABLES[type_name]
        offered: set[str] = set()
        for who in VIEWERS[:7]:
            person = city.loop.cities.stage.person(who, "ikoma")
            for identity in city.ids(table, prefix):
                offered |= await offered_to(person, type_name, identity)
        missing |= {(type_name, step) for step in set(tries) - offered}
    assert missing == set()


async def test_a_state_that_only_the_action_asks_for_is_found(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stateless(access: Any, block: Any, step: Any) -> "sa.ColumnElement[bool]":
        return viewer_can.is_theirs(access, block, step)

    monkeypatch.setattr(viewer_can, "_is_open", stateless)
    found = await differences(city, ["Referral"], ["sato"])
    assert {step for _, _, step, offered in found if offered} >= {"ACCEPT_REFERRAL", "REPORT_OUTCOME"}


async def test_a_state_that_the_action_forgets_is_found(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    async def admitted(*_: Any) -> None: ...

    monkeypatch.setattr(Acting, "_admitted", admitted)
    found = await differences(city, ["Event"], ["ines", "hana"])
    assert {step for _, _, step, offered in found if not offered} >= {"CANCEL_EVENT", "TAKE_PLACES"}


async def test_a_grant_that_is_not_asked_for_is_found(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def anybodys(*_: Any) -> "sa.ColumnElement[bool]":
        return sa.true()

    monkeypatch.setattr(viewer_can, "is_theirs", anybodys)
    found = await differences(city, ["Seat", "Post"], ["hana"])
    assert {step for _, _, step, offered in found if offered} >= {"END_SEAT", "EDIT_POST"}
