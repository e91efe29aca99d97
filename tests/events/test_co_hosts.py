"""Who holds an event with its organiser steps down or is taken out; who leaves gives back what it held."""

from typing import Any

import pytest

from tests.events.residents import work
from tests.events.stage import EDIT, REFUSED, TAKE, a_talk, announced, drafted
from tests.groups.said import organisation_of
from tests.meetings.said import kinds
from tests.members.said import does, own
from tests.stage.cities import Cities

CO_HOSTS = "query ($id: ID!) { event(id: $id) { version viewerCan coHosts { name } } }"
STEP_DOWN = f"""mutation ($input: StepDownAsCoHostInput!) {{ stepDownAsCoHost(input: $input) {{
  __typename ... on EventPayload {{ event {{ id coHosts {{ name }} }} }} {REFUSED} }} }}"""
PLACES = "{ myPlaces(first: 50) { nodes { state event { title } } } }"


async def _event(cities: Cities, name: str, event: dict[str, Any]) -> Any:
    return (await cities.person(name).ask(CO_HOSTS, id=event["id"])).data["event"]


async def test_a_co_host_steps_down_or_is_taken_out_and_is_told(cities: Cities) -> None:
    both = [await organisation_of(cities.hana), await organisation_of(cities.sato)]
    event = await announced(cities.ines, coHostIds=both)
    assert (await kinds(cities.hana))[0] == "NAMED_CO_HOST"
    seen = await _event(cities, "hana", event)
    at = {"id": event["id"], "version": seen["version"]}
    for name, code in (("ines", "NOT_ALLOWED"), ("kato", "NOT_ALLOWED"), ("ueda", "NOT_FOUND")):
        shown = await _event(cities, name, event)
        assert shown is None or "STEP_DOWN_AS_CO_HOST" not in shown["viewerCan"]
        assert (await cities.person(name).do(STEP_DOWN, **at))["code"] == code
    assert "STEP_DOWN_AS_CO_HOST" in seen["viewerCan"]
    done = await cities.hana.do(STEP_DOWN, **at)
    assert done["event"]["coHosts"] == [{"name": "こども食堂ひだまり"}]
    assert "CO_HOST_STEPPED_DOWN" in await kinds(cities.ines)
    assert (await cities.hana.do(STEP_DOWN, **at | {"version": at["version"] + 1}))["code"] == "NOT_ALLOWED"
    edited = await cities.ines.do(EDIT, id=event["id"], version=at["version"] + 1, event=a_talk(coHostIds=[]))
    assert edited["__typename"] == "EventPayload", edited
    assert (await _event(cities, "sato", event))["coHosts"] == []
    assert (await kinds(cities.sato))[0] == "CO_HOST_REMOVED"
    assert "CO_HOST_REMOVED" not in await kinds(cities.hana)


async def test_a_draft_names_nobody_yet(cities: Cities) -> None:
    draft = await drafted(cities.ines, coHostIds=[await organisation_of(cities.hana)])
    assert (await cities.hana.do(STEP_DOWN, id=draft["id"], version=draft["version"]))["code"] == "NOT_FOUND"
    assert "NAMED_CO_HOST" not in await kinds(cities.hana)


@pytest.mark.parametrize("by", ["sato", "mori"])
async def test_who_leaves_gives_back_what_it_held_at_events_to_come(cities: Cities, by: str) -> None:
    sato = await own(cities.sato)
    full = await announced(cities.ines, title="満席", capacity=1)
    await cities.sato.do(TAKE, eventId=full["id"], count=1)
    await cities.kato.do(TAKE, eventId=full["id"], count=1, wait=True)
    begun = await announced(cities.ines, title="開催中")
    await cities.sato.do(TAKE, eventId=begun["id"], count=1)
    shared = await announced(cities.ines, title="共催", coHostIds=[sato["id"]])
    async with cities.stage.sql() as sql:
        change = "UPDATE tsunagari.event SET starts_at = now() - interval '1 hour' WHERE title = '開催中'"
        assert await sql.execute(change) == "UPDATE 1"
    left = "leave" if by == "sato" else "endMembership"
    await does(cities.person(by), left, id=sato["id"], version=(await own(cities.sato))["version"])
    while await work(cities):
        pass
    async with cities.stage.sql() as sql:
        places = await sql.fetch(
            "SELECT e.title, p.state, p.organisation_id::text AS of FROM tsunagari.place p "
            "JOIN tsunagari.event e USING (tenant_id) WHERE e.id = p.event_id"
        )
    mine = sato["id"].removeprefix("organisation_")
    assert {(row["title"], row["state"]) for row in places if row["of"] == mine} == {
        ("満席", "given_up"),
        ("開催中", "taken"),
    }
    kato = (await cities.kato.ask(PLACES)).data["myPlaces"]["nodes"]
    assert kato == [{"state": "OFFERED", "event": {"title": "満席"}}]
    assert (await _event(cities, "ines", shared))["coHosts"] == []
    assert "CO_HOST_STEPPED_DOWN" in await kinds(cities.ines)
