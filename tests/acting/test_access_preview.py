"""A preview as somebody else says what that somebody really meets, to who may ask; nothing of a person."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from libs.policy import explaining
from libs.policy.relations import LAWFUL_BASES
from services.platform.app import registry
from tests.acting.city import City
from tests.acting.tries import TRIES
from tests.referrals.conftest import ASK, SECRETS, Loop
from tests.stage.stage import Person

PREVIEW = """mutation ($input: AccessPreviewInput!) { accessPreview(input: $input) { __typename
  ... on UserError { code en } ... on InvalidInput { detail }
  ... on AccessPreviewPayload { row { ...C } fields { ...C } actions { ...C } } } }
  fragment C on AccessCell { name answer rule relations { name holds ja en } }"""
ABSENT = "01890000-0000-7000-8000-000000000000"
READ = "query ($id: ID!) { node(id: $id) { id ... on %s { hiddenFields viewerCan } } }"
Answers = dict[str, str]


async def previewed(person: Person, **given: Any) -> dict[str, Any]:
    answer = await person.do(PREVIEW, **given)
    assert answer["__typename"] == "AccessPreviewPayload", answer
    return answer


def answers(cells: Iterable[Mapping[str, Any]]) -> Answers:
    return {each["name"]: each["answer"] for each in cells}


async def me(person: Person) -> str:
    identity: str = (await person.ask("{ me { id } }")).data["me"]["id"]
    return identity


def rests_on_a_basis(cell: Mapping[str, Any]) -> bool:
    return bool({each["name"] for each in cell["relations"]} & LAWFUL_BASES)


async def untrue(city: City, caller: str, whom: str, types: Iterable[str] = TRIES) -> list[str]:
    """The cells, of all objects that the caller finds, that say of `whom` what they do not meet."""
    looking, met = (
        city.loop.cities.stage.person(caller, "ikoma"),
        city.loop.cities.stage.person(whom, "ikoma"),
    )
    as_person, found = await me(met), list[str]()
    for type_name in types:
        stored = registry().stored[type_name]
        for identity in city.ids(stored.table.name, stored.prefix):
            if (await looking.ask(READ % type_name, id=identity)).data["node"] is None:
                continue
            shown = await previewed(looking, on=identity, asPerson=as_person)
            seen = (await met.ask(READ % type_name, id=identity)).data["node"]
            found += [f"{identity} {name}" for name in _untrue_cells(shown, seen)]
    return found


def _untrue_cells(shown: Mapping[str, Any], seen: Mapping[str, Any] | None) -> list[str]:
    hidden = None if seen is None else set(seen["hiddenFields"])
    can: set[str] = set(() if seen is None else seen["viewerCan"] or ())
    met = {"id": seen is not None}
    met |= {cell["name"]: hidden is not None and cell["name"] not in hidden for cell in shown["fields"]}
    met |= {cell["name"]: cell["name"] in can for cell in shown["actions"]}
    cells = [shown["row"], *shown["fields"], *shown["actions"]]
    return [cell["name"] for cell in cells if not _is_true(cell, open_=met[cell["name"]])]


def _is_true(cell: Mapping[str, Any], *, open_: bool) -> bool:
    if cell["answer"] == "BASIS":
        return rests_on_a_basis(cell)
    return (cell["answer"] == "OPEN") is open_


@pytest.mark.parametrize("whom", ["sato", "kato", "midori", "nakai"])
async def test_the_coordinator_is_told_what_each_of_them_meets(city: City, whom: str) -> None:
    assert await untrue(city, "mori", whom) == []


async def test_a_representative_is_told_what_a_colleague_meets(city: City) -> None:
    assert await untrue(city, "ines", "nakai") == []
    assert await untrue(city, "ines", "ines") == []


async def test_a_seat_is_of_no_use_to_an_applicant_in_a_preview_either(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with city.loop.cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.seat SET organisation_id = o.id FROM tsunagari.organisation o "
            "WHERE o.status = 'applied' AND seat.working_group_id = $1 AND seat.organisation_id = $2",
            *(
                uuid.UUID(each.rpartition("_")[2])
                for each in (city.loop.group, city.loop.organisations["kato"])
            ),
        )
    cards = ["Referral", "WorkingGroup"]
    assert await untrue(city, "mori", "midori", cards) == []

    monkeypatch.setattr(explaining, "TENANT", "a fact that nothing implies")
    assert await untrue(city, "mori", "midori", cards) != [], "the planted fault"


async def test_an_organisation_is_looked_at_by_its_roles(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    given: dict[str, Any] = {"on": taken["id"], "asOrganisation": loop.organisations["sato"]}
    without = await previewed(loop.person("mori"), **given)
    desk = await previewed(loop.person("mori"), **given, roles=["DESK"])
    assert answers(without["actions"])["REPORT_OUTCOME"] == "WITHHELD"
    assert answers(desk["actions"])["REPORT_OUTCOME"] == "OPEN"
    assert answers(desk["actions"])["ACCEPT_REFERRAL"] == "STATE"
    (report,) = [each for each in desk["actions"] if each["name"] == "REPORT_OUTCOME"]
    assert report["rule"] == "npo, desk, referral, report_outcome, recipient"
    assert [(each["name"], each["holds"]) for each in report["relations"]] == [("recipient", True)]
    assert answers(desk["fields"])["ask"] == "OPEN"
    (withheld,) = [each for each in without["fields"] if each["name"] == "case"]
    assert (withheld["answer"], withheld["rule"]) == ("WITHHELD", None)


async def test_no_value_is_told(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    shown = str(
        await previewed(loop.person("mori"), on=taken["id"], asOrganisation=loop.organisations["sato"])
    )
    assert ASK not in shown
    assert not [secret for secret in SECRETS if secret in shown]
    assert "BELONGING" not in shown


async def test_whether_a_consent_exists_is_not_told(loop: Loop) -> None:
    """The same answers whatever was agreed to, and whether it still holds."""
    taken = await loop.accepted("sato")
    given: dict[str, Any] = {
        "on": taken["id"],
        "asOrganisation": loop.organisations["sato"],
        "roles": ["DESK"],
    }
    with_consent = await previewed(loop.person("mori"), **given)
    assert answers(with_consent["actions"])["REVEAL_IDENTITY"] == "BASIS"
    (cell,) = [each for each in with_consent["actions"] if each["name"] == "REVEAL_IDENTITY"]
    told = {each["name"]: each["holds"] for each in cell["relations"]}
    assert told["consent"] is None
    assert told["accepted"] is True
    for change in ("items = '{}'", "withdrawn_at = now()", "valid_until = obtained_on - 9"):
        async with loop.cities.stage.sql() as sql:
            await sql.execute(f"UPDATE tsunagari.consent SET {change}")
        assert await previewed(loop.person("mori"), **given) == with_consent
        # what is told of the row is the same that everybody finds of it
        assert (await loop.reveal("sato", taken["id"], "L3"))["__typename"] == "NotAllowed"


async def test_what_the_caller_cannot_find_is_absent(city: City) -> None:
    mori, ines, ueda = (city.loop.person(name) for name in ("mori", "ines", "ueda"))
    sato, theirs = city.loop.organisations["sato"], city.loop.organisations["ines"]
    draft = next(f"referral_{row['id']}" for row in city.all("referral") if row["state"] == "draft")
    applied = next(
        f"organisation_{row['id']}" for row in city.all("organisation") if row["status"] == "applied"
    )
    tried: list[tuple[Person, dict[str, Any]]] = [
        # the coordinator finds no case and no consent
        (mori, {"on": city.ids("case_file", "case")[0], "asOrganisation": theirs}),
        (mori, {"on": city.ids("consent")[0], "asOrganisation": theirs}),
        (ines, {"on": city.ids("place")[0], "asOrganisation": applied}),
        (city.loop.person("sato"), {"on": draft, "asOrganisation": sato}),
        (ueda, {"on": draft, "asOrganisation": theirs}),
        (city.loop.cities.stage.person("stranger", "ikoma"), {"on": draft, "asOrganisation": theirs}),
        (mori, {"on": draft, "asOrganisation": f"organisation_{ABSENT}"}),
        (mori, {"on": draft, "asPerson": f"person_{ABSENT}"}),
        (mori, {"on": draft, "asPerson": sato}),
        (mori, {"on": f"martian_{ABSENT}", "asOrganisation": sato}),
    ]
    for person, given in tried:
        asked: Any = given
        hidden = await person.do(PREVIEW, **asked)
        assert hidden["__typename"] == "NotFound", (person.subject, given, hidden)
        never: dict[str, Any] = {name: f"{text.rpartition('_')[0]}_{ABSENT}" for name, text in given.items()}
        assert hidden == await person.do(PREVIEW, **never)


async def test_another_citys_people_are_not_there_to_look_as(loop: Loop) -> None:
    theirs = (await loop.person("ueda").ask("{ me { id } myOrganisation { id } }")).data
    card = await loop.card(await loop.case())
    person, organisation = theirs["me"]["id"], theirs["myOrganisation"]["id"]
    for answer in (
        await loop.person("mori").do(PREVIEW, on=card["id"], asPerson=person),
        await loop.person("mori").do(PREVIEW, on=card["id"], asOrganisation=organisation),
    ):
        assert answer["__typename"] == "NotFound"


async def test_only_as_ones_own_and_a_refusal_is_kept(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    sato = loop.organisations["sato"]
    tried: list[tuple[str, dict[str, Any]]] = [
        ("ines", {"asOrganisation": sato}),
        ("ines", {"asPerson": await me(loop.person("sato"))}),
        ("hana", {"asOrganisation": loop.organisations["ines"]}),
    ]
    for name, given in tried:
        answer = await loop.person(name).do(PREVIEW, on=card["id"], **given)
        assert answer["__typename"] == "NotAllowed", (name, given)
    assert [row["action"] for row in await _audit(loop)][-3:] == ["refused:preview_access"] * 3


async def test_a_colleague_of_two_organisations_is_looked_at_in_ones_own_alone(loop: Loop) -> None:
    """What is met for the other organisation is the other's."""
    card = await loop.card(await loop.case())
    sato, ines = await me(loop.person("sato")), await me(loop.person("ines"))
    async with loop.cities.stage.sql() as sql:
        await sql.execute(
            "INSERT INTO tsunagari.membership (tenant_id, id, person_id, organisation_id, roles, since) "
            "SELECT tenant_id, gen_random_uuid(), $1, organisation_id, '{}', since FROM tsunagari.membership "
            "WHERE person_id = $2",
            *(uuid.UUID(each.rpartition("_")[2]) for each in (sato, ines)),
        )
    given: dict[str, Any] = {"on": card["id"], "asPerson": sato}
    unclear = await loop.person("ines").do(PREVIEW, **given)
    assert (unclear["__typename"], unclear["detail"]) == ("InvalidInput", "CHOOSE_ORGANISATION")
    own = await previewed(loop.person("ines"), **given, asOrganisation=loop.organisations["ines"])
    assert answers(own["actions"])["WRITE_NOTE"] == "OPEN"
    other = await loop.person("ines").do(PREVIEW, **given, asOrganisation=loop.organisations["sato"])
    assert other["__typename"] == "NotAllowed"


async def test_each_look_is_in_the_audit_chain(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    given: dict[str, Any] = {
        "on": card["id"],
        "asOrganisation": loop.organisations["sato"],
        "roles": ["DESK"],
    }
    for _ in range(2):
        answer = await loop.person("mori").do(PREVIEW, headers={"Idempotency-Key": "one"}, **given)
        assert answer["__typename"] == "AccessPreviewPayload", "looked at anew, never replayed"
    kept = [row for row in await _audit(loop) if row["action"] == "preview_access"]
    assert len(kept) == 2
    assert f"referral_{kept[0]['object_id']}" == card["id"]
    assert f"person_{kept[0]['person_id']}" == await me(loop.person("mori"))
    assert '"roles": "desk"' in kept[0]["codes"]
    assert loop.organisations["sato"].removeprefix("organisation_") in kept[0]["codes"]


async def test_as_nobody_is_refused(loop: Loop) -> None:
    answer = await loop.person("mori").do(PREVIEW, on=loop.group)
    assert (answer["__typename"], answer["detail"]) == ("InvalidInput", "REQUIRED")
    anonymous = await loop.cities.stage.person(None, "ikoma").ask(PREVIEW, input={"on": loop.group})
    assert anonymous.code == "UNAUTHENTICATED"


async def _audit(loop: Loop) -> list[Any]:
    async with loop.cities.stage.sql() as sql:
        rows: list[Any] = await sql.fetch(
            "SELECT action, object_id, person_id, codes::text FROM tsunagari.audit_entry "
            "WHERE tenant_id = (SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma') "
            "ORDER BY sequence"
        )
    return rows
