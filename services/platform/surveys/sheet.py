"""A survey's answers as CSV: one row an answer, one column a question, in no order that says anything."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from libs.serving.exports.writing import safe
from services.platform.questions import answers as answering
from services.platform.questions.answers import Answers
from services.platform.questions.models import Language, Question

BYTE_ORDER_MARK: Final = "\ufeff"
"""By which Excel knows that it is UTF-8."""


def csv_of(questions: Sequence[Question], every: Sequence[Answers], language: Language) -> str:
    """RFC 4180; no cell is a formula."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow([safe(each.said(language)) for each in questions])
    for given in every:
        cells = [answering.said(each, given.get(each.key), language) for each in questions]
        writer.writerow([safe(each) for each in cells])
    return BYTE_ORDER_MARK + written.getvalue()
