"""Which tables tell of one person, by the column through which they hang on the case.

A test holds that every table which hangs on a case or a referral is named here, in the one list or the other.
"""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from services.platform.referrals import models
from services.platform.rights.models.erasures import erasure

EXPORTED: Final[Mapping[str, tuple[sa.Table, str]]] = {
    "case": (models.case_file, "id"),
    "consents": (models.consent, "case_id"),
    "consent_recipients": (models.consent_recipient, "consent_id"),
    "referrals": (models.referral, "case_id"),
    "events": (models.referral_event, "referral_id"),
    "card_notes": (models.card_note, "referral_id"),
    "offers": (models.offer, "referral_id"),
    "disclosures": (models.disclosure, "referral_id"),
    "corrections": (models.correction, "referral_id"),
    "questions": (models.question, "referral_id"),
    "assignments": (models.assignment, "referral_id"),
    "transfer_requests": (models.transfer_request, "referral_id"),
    "council_items": (models.council_item, "referral_id"),
    "council_assignments": (models.council_assignment, "council_item_id"),
    "sittings": (models.sitting_referral, "referral_id"),
    "break_glass": (models.break_glass, "referral_id"),
    "break_glass_people": (models.break_glass_person, "break_glass_id"),
    "access_log": (models.access_entry, "case_id"),
    "erasures": (erasure, "case_id"),
}
LEFT_OUT: Final[Mapping[str, str]] = {
    "sealed_text": "opened and answered as texts, never as it lies there",
    "answer_link": "hashes of secrets; what was opened by one is in the access log",
}
"""Tables that an export does not copy, each with its reason."""

PEOPLE: Final = frozenset(
    {
        "actor_id",
        "asked_by_id",
        "asker_id",
        "assigned_by_id",
        "author_id",
        "caseworker_id",
        "confirmed_by_id",
        "offered_by_id",
        "opener_id",
        "person_id",
        "reviewed_by_id",
    }
)
ORGANISATIONS: Final = frozenset({"author_organisation_id", "organisation_id", "recipient_id", "sender_id"})
"""Columns whose ids are written with the name that they stand for."""

PARENTS: Final[Mapping[str, tuple[sa.Table, str]]] = {
    "referral_id": (models.referral, "case_id"),
    "consent_id": (models.consent, "case_id"),
    "council_item_id": (models.council_item, "referral_id"),
    "break_glass_id": (models.break_glass, "referral_id"),
}
"""By a column's name the table above, and by what that hangs on the case in its turn."""

CASE: Final = sa.bindparam("case_id", type_=sa.Uuid())


def statement_of(table: sa.Table, column: str) -> Statement:
    """All rows of the table that hang on the case, oldest first."""
    columns = [each for each in table.c if each.name != "tenant_id"]
    return Statement(
        sa.select(*columns).where(table.c.tenant_id == TENANT, _hangs(table.c[column])).order_by(table.c.id)
    )


def _hangs(column: "sa.Column[object]") -> "sa.ColumnElement[bool]":
    if column.name not in PARENTS:
        return column == CASE
    parent, hangs_by = PARENTS[column.name]
    above = sa.select(parent.c.id).where(parent.c.tenant_id == TENANT, _hangs(parent.c[hangs_by]))
    return column.in_(above)
