"""The schema's words are those of the tables."""

from enum import Enum

import pytest

from libs.figures.measures import MEASURES
from libs.figures.models import LEVELS, MARKS
from libs.tenancy.models import TENANT_KINDS
from services.secretariat.schema.types import FigureLevel, FigureMark, Measure, TenantKind


@pytest.mark.parametrize(
    ("words", "known"),
    [(Measure, MEASURES), (FigureLevel, LEVELS), (FigureMark, MARKS), (TenantKind, TENANT_KINDS)],
)
def test_every_code_has_its_word(words: type[Enum], known: tuple[str, ...]) -> None:
    assert {word.value for word in words} == set(known)
