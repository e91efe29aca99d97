"""What nobody may make of a policy, and what nobody but the coordinator may read or do."""

from typing import Any

from tests.policies import documents as said
from tests.policies.conftest import SUMMARY, Office
from tests.stage.cities import Cities
from tests.stage.stage import Person

FIXED: list[tuple[str, dict[str, str]]] = [
    ("access logs", {"kind": "npo", "object": "referral.access_log", "relation": "ever_party"}),
    ("outcomes", {"kind": "company", "object": "referral.codes", "relation": "ever_party"}),
    ("the policy", {"kind": "coordinator", "object": "policy.text", "relation": "tenant"}),
    (
        "publishing",
        {"kind": "coordinator", "object": "policy", "act": "publish_policy", "relation": "tenant"},
    ),
    (
        "the draft",
        {"kind": "coordinator", "object": "policy_draft", "act": "edit_policy_draft", "relation": "tenant"},
    ),
    ("one's own organisation", {"kind": "npo", "object": "organisation.card", "relation": "own"}),
    ("one's own case", {"kind": "npo", "role": "desk", "object": "case.file", "relation": "case_holder"}),
    ("what one sent", {"kind": "npo", "object": "referral.ask", "relation": "party"}),
    ("one's own place", {"kind": "company", "object": "place.card", "relation": "tenant+own"}),
]


async def test_what_stands_is_not_tightened(cities: Cities) -> None:
    office = Office(cities.mori)
    for what, line in FIXED:
        refused = await office.tries(said.TIGHTEN, line=line)
        assert (refused["__typename"], refused["detail"]) == ("InvalidInput", "fixed"), (what, refused)
        assert line["object"] in refused["en"]
        stricter = await office.tries(said.TIGHTEN, line=line, becomes="tenant+group")
        assert stricter["detail"] == "fixed", what


SMUGGLED: list[tuple[str, dict[str, str | None]]] = [
    ("unknown_kind", {"kind": "mayor"}),
    ("word", {"kind": "company, any, referral.identity"}),
    ("word", {"kind": "*"}),
    ("word", {"kind": "company\np, npo"}),
    ("unknown_kind", {"kind": "kato"}),
    ("unknown_role", {"role": "boss"}),
    ("word", {"role": "any,"}),
    ("unknown_object", {"object": "referral.secret"}),
    ("word", {"object": "referral.*"}),
    ("word", {"object": "Referral.summary"}),
    ("unknown_action", {"object": "referral", "act": "sell"}),
    ("word", {"act": "read; p, npo"}),
    ("word", {"relation": "group+posted+open_board,everyone"}),
    ("unknown_relation", {"relation": "group+posted+friend"}),
    ("relation_twice", {"relation": "group+group"}),
    ("no_such_line", {"relation": "group+posted"}),
    ("no_such_line", {"kind": "npo"}),
    ("word", {"kind": "ｃompany"}),
    ("word", {"kind": ""}),
]


async def test_a_line_is_taken_word_by_word(cities: Cities) -> None:
    office = Office(cities.mori)
    for detail, change in SMUGGLED:
        line = SUMMARY | change
        is_word = detail != "no_such_line"
        for mutation, told in (
            (said.TIGHTEN, detail),
            (said.TAKE_BACK, detail if is_word else "not_changed"),
            (said.WIDEN, detail if is_word else "not_widenable"),
        ):
            refused = await office.tries(mutation, line=line)
            assert (refused["__typename"], refused["field"]) == ("InvalidInput", "policy"), (line, refused)
            assert refused["detail"] == told, (line, refused)
            assert refused["en"].startswith("Line 1: ")
    assert (await office.person.ask(said.DRAFT)).data["policyDraft"]["overrides"] == []


BECOMES = [
    ("everyone", "unknown_relation"),
    ("nobody", "unknown_relation"),
    ("friend", "unknown_relation"),
    ("", "unknown_relation"),
    ("group,party", "unknown_relation"),
    ("group party", "unknown_relation"),
    ("group+", "unknown_relation"),
    ("*", "unknown_relation"),
    ("posted", "not_stricter"),
    ("tenant", "not_stricter"),
    ("group+posted+open_board", "not_stricter"),
    ("chair", "unaskable"),
]


async def test_what_a_line_becomes_is_stricter_and_can_be_asked(cities: Cities) -> None:
    office = Office(cities.mori)
    for becomes, detail in BECOMES:
        refused = await office.tries(said.TIGHTEN, line=SUMMARY, becomes=becomes)
        assert (refused["__typename"], refused.get("detail")) == ("InvalidInput", detail), (becomes, refused)


WIDER = [
    {"kind": "company", "object": "referral.narrative", "relation": "party"},
    {"kind": "coordinator", "object": "referral.narrative", "relation": "tenant"},
    {"kind": "npo", "object": "referral.identity", "relation": "party+consent"},
    {"kind": "anyone", "object": "organisation.work_contact", "relation": "published"},
    {"kind": "npo", "object": "organisation.work_contact", "relation": "tenant"},
    {"kind": "company", "object": "post.content", "relation": "group+audience_public"},
    {"kind": "company", "object": "referral", "act": "create_referral", "relation": "tenant+own"},
]


async def test_only_what_the_baseline_marks_is_widened(cities: Cities) -> None:
    office = Office(cities.mori)
    for line in WIDER:
        refused = await office.tries(said.WIDEN, line=line)
        assert (refused["__typename"], refused.get("detail")) == ("InvalidInput", "not_widenable"), refused


async def test_a_draft_that_somebody_changed_meanwhile_is_not_published(cities: Cities) -> None:
    office = Office(cities.mori)
    version = await office.version()
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    for mutation, more in ((said.PUBLISH, {"note": "x"}), (said.REVERT, {"note": "x", "to": 1})):
        stale = await office.tries(mutation, version=version, **more)
        assert (stale["__typename"], stale["current"]) == ("StaleVersion", version + 1)
    stale = await office.tries(said.TIGHTEN, version=version, line=SUMMARY)
    assert stale["__typename"] == "StaleVersion"


async def test_a_note_is_asked_for_and_a_version_that_never_was_is_not_found(cities: Cities) -> None:
    office = Office(cities.mori)
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    silent = await office.tries(said.PUBLISH, note=" ")
    assert (silent["__typename"], silent["field"]) == ("InvalidInput", "note")
    for to in (0, -1, 2, 99):
        assert (await office.tries(said.REVERT, to=to, note="x"))["__typename"] == "NotFound"


MUTATIONS: list[tuple[str, dict[str, Any]]] = [
    (said.TIGHTEN, {"line": SUMMARY}),
    (said.WIDEN, {"line": SUMMARY}),
    (said.TAKE_BACK, {"line": SUMMARY}),
    (said.DISCARD, {}),
    (said.PUBLISH, {"note": "x"}),
    (said.REVERT, {"note": "x", "to": 1}),
]


async def test_for_anybody_but_the_coordinator_there_is_no_policy(cities: Cities) -> None:
    office = Office(cities.mori)
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    edition = await office.publishes()
    for name in ("ines", "hana", "kato", "ueda", "stranger", "anyone"):
        await _finds_none(cities.person(name), edition["id"])
    assert len(await office.history()) == 1


async def _finds_none(person: Person, edition: str) -> None:
    assert (await person.ask(said.DRAFT)).data["policyDraft"] is None
    found = (await person.ask(said.HISTORY)).data["policyHistory"]
    assert (found["totalCount"], found["nodes"]) == (0, [])
    assert (await person.ask(said.TABLE)).data["accessTable"] is None
    node = await person.ask("query ($id: ID!) { node(id: $id) { id } }", id=edition)
    assert node.data["node"] is None
    for mutation, more in MUTATIONS:
        answered = await person.ask(mutation, input={"version": 1, **more})
        if person.subject is None:
            assert answered.status == 401
        else:
            assert next(iter(answered.data.values()))["__typename"] == "NotFound", mutation


async def test_another_citys_coordinator_has_a_draft_of_her_own(cities: Cities) -> None:
    office = Office(cities.mori)
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    oda = Office(cities.oda)
    theirs = (await oda.person.ask(said.DRAFT)).data["policyDraft"]
    assert (theirs["overrides"], theirs["version"]) == ([], 1)
    ours = (await office.person.ask(said.DRAFT)).data["policyDraft"]
    assert ours["id"] != theirs["id"]
    node = await oda.person.ask("query ($id: ID!) { node(id: $id) { id } }", id=ours["id"])
    assert node.data["node"] is None
