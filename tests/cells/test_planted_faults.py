"""The exercise is seen to find faults: planted in the policy, a mask or a relation, each must be told."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from libs.policy import predicates
from libs.policy.predicates import Asker
from libs.reading import objects
from libs.reading.sqljson import Literal
from services.platform.groups import models as groups
from services.platform.relations import RELATIONS
from tests.cells.opened import TEXT
from tests.cells.reading import exercise_of


async def _told(type_name: str, text: str = TEXT) -> list[str]:
    async with exercise_of(type_name, text) as exercise:
        return (await exercise.outcome()).differences()


def _changed(line: str, other: str) -> str:
    assert f"{line}\n" in TEXT
    return TEXT.replace(f"{line}\n", f"{other}\n")


def _widened(predicate: Callable[..., Any], fact: tuple[str, str]) -> Callable[..., Any]:
    """Holds for every row."""

    def said(object: str, relation: str, *more: Any) -> Any:
        return sa.true() if (object, relation) == fact else predicate(object, relation, *more)

    return said


async def test_a_widened_line_of_a_group_is_found() -> None:
    line = "p, npo, any, organisation.application, read, own"
    told = await _told("Organisation", _changed(line, line.replace("own", "tenant+admitted")))
    assert "Organisation.declineReason, admitted, npo, no role: open; approved: withheld" in told
    assert "Organisation.declineReason, own, npo, no role: withheld; approved: open" in told
    assert all(", npo" in each for each in told)


async def test_a_line_that_forgets_its_role_is_found() -> None:
    line = "p, npo, desk, consent.card, read, case_holder"
    told = await _told("Consent", _changed(line, line.replace("desk", "any")))
    assert "Consent.purpose, case_holder, npo, representative: open; approved: absent" in told


async def test_a_field_moved_to_another_group_is_found() -> None:
    line = "g, organisation.review_notes, organisation."
    told = await _told("Organisation", _changed(f"{line}review", f"{line}card"))
    assert {each.partition(",")[0] for each in told} == {"Organisation.reviewNotes"}


async def test_a_mask_that_is_left_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(_: object, __: object, ___: object, value: Callable[[], Any]) -> Any:
        return value()

    monkeypatch.setattr(objects.Objects, "_masked", shown)
    told = await _told("Person")
    assert any("Person.email" in each and "named among the hidden, and shown" in each for each in told)


async def test_hidden_fields_that_are_not_named_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> Any:
        return Literal("[]")

    monkeypatch.setattr(objects.Objects, "_hidden", nothing)
    assert any("Person.email" in each and "not hidden, yet None" in each for each in await _told("Person"))


async def test_a_widened_relation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RELATIONS, "predicate", _widened(RELATIONS.predicate, ("offer", "sender")))
    told = await _told("Offer")
    assert "Offer.message, none, npo, no role: open; approved: absent" in told


async def test_a_seat_that_outlives_its_term_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def seated_ever(seats: Any, asker: Asker) -> Any:
        return seats.c.tenant_id == asker.tenant

    monkeypatch.setattr(groups, "seated_today", seated_ever)
    assert any("none = audience_public, government, " in each for each in await _told("Post"))


async def test_a_seat_that_outlives_the_membership_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def always(*_: object) -> bool:
        return True

    monkeypatch.setattr(predicates, "_can_hold", always)
    assert any("government outside" in each for each in await _told("Post"))
