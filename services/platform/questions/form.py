"""Questions on a page: what its form's fields say. Names: q1, and q2.0, q2.1 … where several are chosen."""

from collections.abc import Mapping, Sequence

from libs.serving.pages.forms import Form
from services.platform.questions.answers import Given
from services.platform.questions.models import Question


def given_by(form: Form, questions: Sequence[Question]) -> Mapping[str, Given]:
    """What a form of `pages/questions.html` sent."""
    return {question.key: _given(form, question) for question in questions}


def _given(form: Form, question: Question) -> Given:
    if question.kind == "text":
        return Given(text=form.text(question.key))
    if question.kind == "choices":
        ticked = range(len(question.options))
        return Given(picks=[place for place in ticked if form.has(f"{question.key}.{place}")])
    chosen = form.text(question.key)
    # anything else than a place of a few digits is no option
    return Given(picks=[int(chosen)] if chosen.isascii() and chosen.isdigit() and len(chosen) < 4 else [])  # noqa: PLR2004
