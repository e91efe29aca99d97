"""Idempotency-Key as a client uses it."""

from tests.stage.cities import APPLY, Cities

APPLICATION = {"kind": "NPO", "name": "ひまわりの会", "applicantName": "Stranger"}
TWICE = {"Idempotency-Key": "apply-1"}


async def test_a_repeated_request_has_one_effect_and_the_same_answer(cities: Cities) -> None:
    first = await cities.stranger.do(APPLY, headers=TWICE, **APPLICATION)
    again = await cities.stranger.do(APPLY, headers=TWICE, **APPLICATION)
    assert first["__typename"] == "OrganisationPayload"
    assert again == first
    async with cities.stage.sql() as sql:
        made = await sql.fetchval("SELECT count(*) FROM tsunagari.organisation WHERE name = 'ひまわりの会'")
    assert made == 1


async def test_the_key_of_another_request_is_refused_and_nothing_is_written(cities: Cities) -> None:
    await cities.stranger.do(APPLY, headers=TWICE, **APPLICATION)
    other = {**APPLICATION, "name": "たんぽぽの会"}
    said = await cities.stranger.ask(APPLY, headers=TWICE, input=other)
    assert (said.status, said.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert said.errors[0]["extensions"]["ja"]
    async with cities.stage.sql() as sql:
        made = await sql.fetchval("SELECT count(*) FROM tsunagari.organisation WHERE name = 'たんぽぽの会'")
    assert made == 0


async def test_anyone_who_acts_is_asked_to_sign_in(cities: Cities) -> None:
    said = await cities.anyone.ask(APPLY, input=APPLICATION)
    assert (said.status, said.code) == (401, "UNAUTHENTICATED")
