"""The baseline against the access specification, cell by cell as a person reads it there."""

import pytest

from libs.policy.grants import UnnamedInPolicy
from libs.policy.predicates import settle
from libs.policy.relations import FACTS, NOBODY
from libs.policy.rules import Policy
from libs.policy.vocabulary import KINDS, READ, ROLES, product
from tests.policy.agreement import EVERY_FACT, EVERY_ROLE, granted

BASELINE = Policy.baseline()
MEMBERS = ("government", "npo", "company")
SIGNED_IN = (*MEMBERS, "coordinator")


def _may(kind: str, name: str, facts: str, *, act: str = READ, roles: str = "") -> bool:
    grants = BASELINE.grants(frozenset({kind}), frozenset(roles.split()))
    return granted(grants, name, act).holds(frozenset(facts.split()))


# field, then who reads it with which facts, then who does not
READS: list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = [
    (
        "organisation.services",
        [(kind, "tenant admitted") for kind in SIGNED_IN] + [("anyone", "published admitted")],
        [("anyone", "tenant"), ("npo", "admitted"), ("npo", "tenant"), ("secretariat", "tenant published")],
    ),
    (
        "organisation.work_contact",
        [("government", "tenant admitted"), ("npo", "shared_group"), ("coordinator", "tenant")],
        [("npo", "tenant admitted"), ("company", "tenant admitted"), ("anyone", "published admitted")],
    ),
    (
        "organisation.confidential_address",
        [(kind, "own") for kind in SIGNED_IN],
        [("coordinator", "tenant"), ("government", "tenant admitted shared_group"), ("anyone", "published")],
    ),
    (
        "organisation.application_statement",
        [("npo", "own"), ("company", "own"), ("coordinator", "tenant")],
        [("government", "own tenant"), ("npo", "tenant admitted shared_group")],
    ),
    ("organisation.review_notes", [("coordinator", "tenant")], [(kind, "own tenant") for kind in MEMBERS]),
    (
        "person.profile",
        [("company", "tenant admitted to_members"), ("coordinator", "tenant to_members"), ("npo", "self")],
        [("company", "tenant admitted"), ("anyone", "published admitted"), ("secretariat", "tenant")],
    ),
    ("person.email", [("npo", "self"), ("coordinator", "tenant")], [("government", "tenant admitted")]),
    (
        "working_group.purpose",
        [("company", "tenant"), ("anyone", "published")],
        [("anyone", "tenant"), ("secretariat", "published")],
    ),
    (
        "post.body",
        [
            ("company", "group audience_all"),
            ("npo", "group audience_npo"),
            ("government", "group audience_public"),
            ("coordinator", "tenant"),
        ],
        [
            ("company", "group audience_npo"),
            ("company", "group audience_public"),
            ("npo", "group audience_public"),
            ("government", "tenant audience_all"),
            ("anyone", "published audience_all"),
        ],
    ),
    (
        "minutes.body",
        [("npo", "group audience_npo settled"), ("npo", "group own"), ("npo", "attended audience_npo")],
        [
            ("npo", "group audience_npo"),
            ("company", "group audience_npo settled"),
            ("npo", "group audience_public settled"),
        ],
    ),
    (
        "event.title",
        [
            ("npo", "tenant announced"),
            ("npo", "tenant own"),
            ("anyone", "published"),
            ("coordinator", "tenant"),
        ],
        [("npo", "tenant"), ("npo", "announced"), ("anyone", "tenant announced")],
    ),
    (
        "event.attendee_count",
        [("company", "tenant own"), ("coordinator", "tenant")],
        [("government", "tenant"), ("anyone", "published")],
    ),
    (
        "referral.ask",
        [
            ("government", "group posted"),
            ("company", "group posted open_board"),
            ("company", "party"),
            ("coordinator", "tenant"),
            ("holder", "holder"),
        ],
        [
            ("company", "group posted"),
            ("npo", "group"),
            ("npo", "ever_party"),
            ("anyone", "published"),
            ("secretariat", "tenant"),
        ],
    ),
    (
        "referral.urgency",
        [("npo", "group posted"), ("npo", "party"), ("company", "group posted open_board")],
        [("company", "party"), ("company", "group posted")],
    ),
    (
        "referral.age_band",
        [("government", "group posted"), ("npo", "party"), ("coordinator", "tenant")],
        [("company", "group posted open_board party accepted consent")],
    ),
    (
        "referral.state",
        [("company", "ever_party"), ("company", "group posted open_board"), ("npo", "group posted")],
        [("company", "group posted"), ("npo", "tenant"), ("government", "council sitting vital consent")],
    ),
    (
        "referral.sender",
        [("npo", "group posted"), ("company", "ever_party"), ("coordinator", "tenant")],
        [("company", "group posted open_board"), ("npo", "group"), ("holder", "holder")],
    ),
    (
        "referral.sent_at",
        [(kind, "ever_party") for kind in MEMBERS],
        [("npo", "group posted"), ("government", "council vital")],
    ),
    (
        "referral.narrative",
        [
            ("government", "party consent"),
            ("government", "vital"),
            ("npo", "council"),
            ("npo", "sitting"),
            ("company", "party consent"),
            ("holder", "holder"),
        ],
        [
            ("government", "party"),
            ("npo", "consent"),
            ("npo", "vital"),
            ("company", "council"),
            ("company", "sitting"),
            ("company", "ever_party consent"),
            ("npo", "case_holder"),
        ],
    ),
    (
        "referral.person_name",
        [
            ("government", "accepted consent"),
            ("government", "vital"),
            ("npo", "council opened"),
            ("npo", "sitting"),
            ("company", "accepted consent"),
        ],
        [
            ("government", "party consent"),
            ("government", "council"),
            ("npo", "vital"),
            ("company", "council opened"),
            ("holder", "holder"),
        ],
    ),
    (
        "referral.safety_notes",
        [("npo", "accepted consent"), ("government", "council opened")],
        [
            ("government", "sitting vital party consent council"),
            ("company", "accepted consent council opened"),
        ],
    ),
    (
        "referral.outcome_code",
        [("company", "ever_party"), ("coordinator", "tenant")],
        [("npo", "tenant group posted")],
    ),
    ("referral.decline_text", [("company", "party")], [("coordinator", "tenant"), ("npo", "ever_party")]),
    ("access_entry.level", [("npo", "ever_party"), ("coordinator", "tenant")], [("npo", "tenant group")]),
    ("access_entry.purpose", [("government", "ever_party")], [("coordinator", "tenant")]),
    ("course.state", [("company", "tenant announced"), ("anyone", "published")], [("anyone", "tenant")]),
    ("course.heads", [("npo", "tenant host"), ("coordinator", "tenant")], [("npo", "tenant announced")]),
    (
        "place.attendees",
        [("npo", "tenant host"), ("coordinator", "tenant no_course")],
        [("coordinator", "tenant host own"), ("anyone", "published")],
    ),
    (
        "survey_answer.answers",
        [("npo", "tenant host")],
        [("coordinator", "tenant"), ("holder", "holder"), ("anyone", "published")],
    ),
    ("figures.value", [("coordinator", "tenant")], [("government", "tenant own"), ("secretariat", "tenant")]),
    ("national_figures.value", [(kind, "everyone") for kind in (*SIGNED_IN, "anyone", "secretariat")], []),
    ("tenant.settings", [("coordinator", "tenant")], [("government", "tenant own")]),
]


@pytest.mark.parametrize(("name", "allowed", "refused"), READS, ids=[name for name, *_ in READS])
def test_fields_as_specified(
    name: str, allowed: list[tuple[str, str]], refused: list[tuple[str, str]]
) -> None:
    assert [who for who in allowed if not _may(who[0], name, who[1])] == []
    assert [who for who in refused if _may(who[0], name, who[1])] == []


# object, action, kind, facts, roles that may, roles that may not
ACTIONS: list[tuple[str, str, str, str, str | None, str | None]] = [
    ("organisation", "apply", "npo", "own", "", None),
    ("organisation", "apply", "coordinator", "tenant", "", None),
    ("organisation", "apply", "npo", "tenant", None, "representative desk caseworker"),
    ("organisation", "approve_member", "coordinator", "tenant", "", None),
    ("organisation", "approve_member", "government", "tenant own", None, "representative desk caseworker"),
    ("tenant", "appoint_coordinator", "government", "tenant own", None, "representative"),
    ("policy", "publish_policy", "coordinator", "tenant", "", None),
    ("organisation", "invite_person", "company", "tenant own", "representative", "desk caseworker"),
    ("organisation", "preview_access", "coordinator", "tenant", "", None),
    ("organisation", "preview_access", "npo", "tenant own", "representative", "desk caseworker"),
    ("organisation", "preview_access", "npo", "tenant admitted", None, "representative"),
    ("person", "preview_access", "company", "tenant own", "representative", "desk caseworker"),
    ("person", "preview_access", "government", "tenant self", None, "representative"),
    ("working_group", "create_working_group", "government", "tenant", None, "representative"),
    ("working_group", "give_seat", "company", "chair", "", None),
    ("working_group", "give_seat", "company", "group", None, "representative"),
    ("working_group", "write_post", "company", "group", "", None),
    ("working_group", "write_post", "npo", "tenant", None, "representative desk"),
    ("event", "create_event", "company", "tenant own", "", None),
    ("event", "create_event", "company", "own", None, "representative"),
    ("event", "take_places", "npo", "tenant", "", None),
    ("case", "open_case", "npo", "tenant own", "caseworker", "desk representative"),
    ("case", "open_case", "company", "tenant own", None, "caseworker desk representative"),
    ("referral", "create_referral", "government", "tenant own", "caseworker", "desk"),
    ("referral", "create_referral", "company", "tenant own", None, "caseworker desk"),
    ("referral", "offer_help", "npo", "group posted", "desk", "caseworker representative"),
    ("referral", "offer_help", "company", "group posted open_board", "desk", ""),
    ("referral", "offer_help", "company", "group posted", None, "desk"),
    ("referral", "offer_help", "coordinator", "tenant group posted", None, "desk"),
    ("referral", "accept_referral", "company", "recipient", "desk", "caseworker representative"),
    ("referral", "accept_referral", "holder", "holder", "", None),
    ("referral", "accept_referral", "npo", "party", None, "desk"),
    ("referral", "report_outcome", "npo", "recipient", "desk", "caseworker"),
    ("referral", "confirm_loop", "npo", "tenant own", "caseworker", "desk"),
    ("referral", "confirm_loop", "npo", "recipient", None, "caseworker desk"),
    ("referral", "revoke_consent", "coordinator", "tenant", "", None),
    ("referral", "revoke_consent", "npo", "recipient", None, "caseworker desk"),
    ("referral", "hand_on", "company", "recipient", "desk", ""),
    ("referral", "assign", "government", "recipient", "desk", "caseworker"),
    ("referral", "mark_void", "coordinator", "tenant void_requested", "", None),
    ("referral", "mark_void", "coordinator", "tenant", None, "desk"),
    ("referral", "mark_void", "npo", "tenant own void_requested", None, "caseworker"),
    ("referral", "expire_referral", "coordinator", "tenant own recipient", None, "desk caseworker"),
    ("referral", "open_break_glass", "government", "tenant own", "caseworker", "desk"),
    ("referral", "open_break_glass", "npo", "tenant own", None, "caseworker"),
    ("break_glass", "review_break_glass", "coordinator", "tenant second_person", "", None),
    ("break_glass", "review_break_glass", "coordinator", "tenant", None, ""),
    ("referral", "approve_card", "coordinator", "tenant", "", None),
    ("referral", "reveal_identity", "npo", "accepted consent", "", None),
    ("referral", "reveal_identity", "npo", "case_holder", "desk", "representative"),
    ("referral", "reveal_safety", "coordinator", "tenant accepted consent council", None, "desk caseworker"),
]


@pytest.mark.parametrize("line", ACTIONS, ids=[" ".join(line[1:4]) for line in ACTIONS])
def test_actions_as_specified(line: tuple[str, str, str, str, str | None, str | None]) -> None:
    name, act, kind, facts, may, may_not = line
    if may is not None:
        assert all(_may(kind, name, facts, act=act, roles=role) for role in may.split() or [""])
    if may_not is not None:
        assert not any(_may(kind, name, facts, act=act, roles=role) for role in may_not.split() or [""])


LEVELS = ("narrative", "identity", "safety", "texts")


def test_the_coordinator_opens_no_story_and_no_name() -> None:
    grants = BASELINE.grants(frozenset({"coordinator"}), EVERY_ROLE)
    secret = ["referral.narrative", "referral.identity", "referral.safety", "referral.texts"]
    secret += ["case.file", "case.narrative", "case.identity", "case.safety", "consent.card"]
    secret += ["survey_answer.content", "question.texts", "access_entry.texts", "request.content"]
    held = [field for field, group in BASELINE.groups.items() if group in secret]
    assert len(held) > 40
    assert [field for field in held if granted(grants, field, READ).holds(EVERY_FACT)] == []


def test_a_caseworker_who_is_coordinator_has_both() -> None:
    both = BASELINE.grants(frozenset({"government", "coordinator"}), frozenset({"caseworker"}))
    assert both.read("referral", "narrative").holds(frozenset({"case_holder"}))
    assert both.read("organisation", "review_notes").holds(frozenset({"tenant"}))


def test_the_secretariat_sees_published_figures_and_nothing_else() -> None:
    grants = BASELINE.grants(frozenset({"secretariat"}), EVERY_ROLE)
    assert {name for (name, _), grant in grants.fields.items() if grant.ways} == {"national_figures"}
    assert not [cell for cell, grant in grants.actions.items() if grant.ways]


def test_the_public_needs_a_publication_and_does_nothing() -> None:
    grants = BASELINE.grants(frozenset({"anyone"}), frozenset())
    ways = [way for grant in grants.fields.values() for way in grant.ways]
    assert ways
    assert all("published" in way or way == {"everyone"} for way in ways)
    assert not [cell for cell, grant in grants.actions.items() if grant.ways]


def test_a_holder_reaches_what_the_link_is_for() -> None:
    grants = BASELINE.grants(frozenset({"holder"}), frozenset())
    # who comes to a public event's page holds nothing yet
    (registers,) = grants.actions[("event", "register_for_event")].ways
    assert registers == {"published"}
    every = (
        *grants.fields.values(),
        *(grant for cell, grant in grants.actions.items() if cell != ("event", "register_for_event")),
    )
    assert {way for grant in every for way in grant.ways} == {frozenset({"holder"})}
    opened = {name for (name, _), grant in grants.fields.items() if grant.ways}
    assert opened == {"referral", "place", "certificate", "survey", "request"}
    done = {action for (name, action), grant in grants.actions.items() if grant.ways and name == "referral"}
    assert done == {
        "accept_referral",
        "decline_referral",
        "ask_question",
        "reveal_narrative",
        "reveal_texts",
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("roles", [frozenset[str](), *(frozenset({role}) for role in ROLES), EVERY_ROLE])
def test_the_id_is_readable_exactly_where_the_row_is_found(kind: str, roles: frozenset[str]) -> None:
    grants = BASELINE.grants(frozenset({kind}), roles)
    assert len(grants.rows) > 20
    assert [name for name in grants.rows if grants.rows[name] != grants.read(name, "id")] == []


@pytest.mark.parametrize("level", LEVELS)
def test_a_reveal_opens_what_its_field_says(level: str) -> None:
    fields = [field for field, group in BASELINE.groups.items() if group == f"referral.{level}"]
    assert fields
    for kind in KINDS:
        for roles in (frozenset[str](), EVERY_ROLE, frozenset({"desk"})):
            grants = BASELINE.grants(frozenset({kind}), roles)
            for field in fields:
                assert granted(grants, field, READ) == grants.act("referral", f"reveal_{level}")


@pytest.mark.parametrize("level", ["narrative", "identity", "safety"])
def test_a_case_is_revealed_as_its_fields_say(level: str) -> None:
    for kind in KINDS:
        grants = BASELINE.grants(frozenset({kind}), EVERY_ROLE)
        for field in (field for field, group in BASELINE.groups.items() if group == f"case.{level}"):
            assert granted(grants, field, READ) == grants.act("case", f"reveal_{level}")


def test_every_word_of_the_vocabulary_is_used_and_every_line_is_of_it() -> None:
    words = product()
    assert BASELINE.groups.keys() == words.fields.keys()
    assert set(BASELINE.groups.values()) == words.groups.keys()
    acts = {f"{rule.object}.{rule.act}" for rule in BASELINE.rules if rule.act != READ}
    assert acts == words.actions.keys()
    assert {name.partition(".")[0] for name in (*BASELINE.groups, *acts)} == words.objects.keys()


def test_every_group_has_a_reader_and_every_fact_a_use() -> None:
    read = {rule.object for rule in BASELINE.rules if rule.act == READ and rule.relation != NOBODY}
    assert read == set(BASELINE.groups.values())
    used = {part for rule in BASELINE.rules for part in rule.conjunction}
    assert used == FACTS.keys()


def test_what_may_be_widened_and_what_not_tightened() -> None:
    widened = {(rule.kind, rule.object, rule.relation) for rule in BASELINE.widenable}
    assert ("npo", "organisation.work_contact", "tenant+admitted") in widened
    assert ("company", "post.content", "group+audience_npo") in widened
    levels = ("referral.narrative", "referral.identity", "referral.safety", "referral.texts", "case.")
    assert not [rule for rule in BASELINE.widenable if rule.object.startswith(levels)]
    assert {("referral.access_log", READ), ("referral.codes", READ), ("policy", "publish_policy")} <= set(
        BASELINE.fixed
    )


def test_what_no_line_names_is_refused() -> None:
    grants = BASELINE.grants(frozenset({"coordinator"}), frozenset())
    assert grants.read("organisation", "name").ways
    for ask in (
        lambda: grants.read("organisation", "nickname"),
        lambda: grants.act("organisation", "sell"),
        lambda: grants.row("rumour"),
        lambda: BASELINE.grants(frozenset({"king"}), frozenset()),
        lambda: BASELINE.grants(frozenset({"npo"}), frozenset({"any"})),
        lambda: BASELINE.explain("npo", frozenset(), "organisation.nickname", READ, frozenset()),
        lambda: BASELINE.explain("npo", frozenset(), "organisation.name", READ, frozenset({"friend"})),
    ):
        with pytest.raises(UnnamedInPolicy):
            ask()


def test_an_action_of_others_is_named_and_never_granted() -> None:
    grants = BASELINE.grants(frozenset({"company"}), EVERY_ROLE)
    assert settle(grants.act("organisation", "approve_member"), frozenset({"tenant"})) is False


def test_an_explanation_names_the_rule() -> None:
    said = BASELINE.explain(
        "npo", frozenset({"desk"}), "referral", "accept_referral", frozenset({"recipient"})
    )
    assert said.allowed
    assert said.rule == "npo, desk, referral, accept_referral, recipient"
    refused = BASELINE.explain("npo", frozenset(), "referral", "accept_referral", frozenset({"recipient"}))
    assert (refused.allowed, refused.rule) == (False, None)


def test_grants_are_remembered_and_equal_grants_share_a_fingerprint() -> None:
    first = BASELINE.grants(frozenset({"npo"}), frozenset({"desk"}))
    assert BASELINE.grants(frozenset({"npo"}), frozenset({"desk"})) is first
    assert first.fingerprint != BASELINE.grants(frozenset({"npo"}), frozenset()).fingerprint
    nobody = BASELINE.grants(frozenset({"anyone"}), frozenset({"desk"}))
    assert nobody.fingerprint == BASELINE.grants(frozenset({"anyone"}), frozenset()).fingerprint
