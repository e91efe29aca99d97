"""The field table that people approve: kind, role, relation and Type.field, of the schema and the policy."""

import pytest

from libs.policy.grants import UnnamedInPolicy
from libs.policy.rules import Policy
from libs.policy.vocabulary import HERE, ROLES
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.cells.approved import APPROVED, approved
from tests.cells.askers import ASKERS, NO_ROLE
from tests.cells.standings import standings
from tests.cells.table import render

BASELINE = Policy.baseline()
TEXT = (HERE / "baseline.csv").read_text(encoding="utf-8")


def test_the_field_table_is_the_approved_one() -> None:
    """After a change that is meant: `make schema`, and have the difference read by who answers for it."""
    assert render(registry(), BASELINE, RELATIONS) == APPROVED.read_text(encoding="utf-8")


def test_it_holds_every_field_in_every_standing_for_everybody() -> None:
    expected = {
        (name, field.name, standing.title, asker, role)
        for name, stored in registry().stored.items()
        for field in registry().masked_fields_of(name)
        for standing in standings(stored.object, BASELINE, RELATIONS)
        for asker in range(len(ASKERS))
        for role in (NO_ROLE, *ROLES)
    }
    assert expected <= approved().keys()
    assert len(expected) > 10_400


def test_every_relation_that_is_registered_has_its_column() -> None:
    for name, relation in RELATIONS.registered():
        named = {part for each in standings(name, BASELINE, RELATIONS) for part in each.names}
        assert relation in named, (name, relation)


def test_a_widened_line_shows_in_the_lines_of_its_fields_alone() -> None:
    line = "p, npo, any, organisation.work_contact, read, shared_group"
    assert line in TEXT
    assert _changed(TEXT.replace(line, line.replace("shared_group", "tenant+admitted"))) == {
        "Organisation.workContact",
        "Organisation.workEmail",
    }


def test_a_role_that_is_no_longer_needed_shows() -> None:
    line = "p, npo, caseworker, consent.card, read, case_holder"
    assert line in TEXT
    changed = _changed(TEXT.replace(line, line.replace("caseworker", "any")))
    assert {name for name in changed if name.startswith("Consent.")} == changed - {"desk", "caseworker"}
    assert "Consent.purpose" in changed


def test_a_field_without_its_line_of_the_policy_is_refused() -> None:
    line = "g, organisation.website, organisation.card\n"
    assert line in TEXT
    with pytest.raises(UnnamedInPolicy):
        render(registry(), Policy.parse(TEXT.replace(line, "")), RELATIONS)


def _changed(text: str) -> set[str]:
    """The first column of every line that stands in one of the two tables only."""
    told = set(render(registry(), Policy.parse(text), RELATIONS).splitlines())
    known = set(APPROVED.read_text(encoding="utf-8").splitlines())
    return {line.partition(" ")[0] for line in told ^ known if " | " in line}
