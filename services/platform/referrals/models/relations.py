"""The SQL of every relation of cases, referrals and what hangs on them.

A case's organisation holds it; a referral's sender is the organisation whose case it is.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.statements import among, looked_up
from libs.policy.predicates import Asker, Hanging, Predicate
from libs.reading.declare import Row
from libs.tenancy.models import platform_settings
from services.platform.groups.models import in_group, is_any, working_group
from services.platform.referrals.models import codes, machine
from services.platform.referrals.models.cases import case_file, consent, consent_recipient
from services.platform.referrals.models.referrals import referral
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]


def is_sender(row: Row, asker: Asker) -> Bool:
    return row.c.sender_id == asker.organisation


def was_addressed(row: Row, asker: Asker) -> Bool:
    return sa.and_(row.c.recipient_id == asker.organisation, row.c.sent_at.is_not(None))


def is_posted(row: Row, _: Asker) -> Bool:
    return sa.and_(row.c.posted_at.is_not(None), row.c.state != "void")


def holds_case(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


def _ever_party(row: Row, asker: Asker) -> Bool:
    """Who sent it before the case was transferred stays one."""
    was_sender = asker.organisation == sa.any_(row.c.earlier_sender_ids)
    return sa.or_(is_sender(row, asker), was_addressed(row, asker), was_sender)


def _recipient(row: Row, asker: Asker) -> Bool:
    return sa.and_(was_addressed(row, asker), among(row.c.state, machine.WITH_RECIPIENT))


def _party(row: Row, asker: Asker) -> Bool:
    return sa.or_(is_sender(row, asker), _recipient(row, asker), _lately_closed(row, asker))


def _accepted(row: Row, asker: Asker) -> Bool:
    at_work = sa.and_(was_addressed(row, asker), among(row.c.state, machine.TAKEN_ON))
    return sa.or_(at_work, _lately_closed(row, asker))


def _lately_closed(row: Row, asker: Asker) -> Bool:
    """Only what was accepted is ever closed; other ends open nothing."""
    return sa.and_(was_addressed(row, asker), closed_within_access(row, asker))


def closed_within_access(row: Row, asker: Asker) -> Bool:
    days: sa.Select[Any] = sa.select(
        sa.func.make_interval(0, 0, 0, platform_settings.c.access_after_end_days)
    ).where(platform_settings.c.tenant_id == asker.tenant, platform_settings.c.id == asker.tenant)
    still_open = row.c.ended_at + days.scalar_subquery() > asker.now
    return sa.and_(row.c.state == "closed", still_open)


def _open_board(row: Row, asker: Asker) -> Bool:
    opened: sa.Select[Any] = sa.select(working_group.c.id).where(
        working_group.c.tenant_id == asker.tenant, working_group.c.board_open_to_companies
    )
    return is_any(row.c.working_group_id, opened)


def _opened(row: Row, _: Asker) -> Bool:
    return sa.or_(row.c.opened_early, among(row.c.state, (*machine.TAKEN_ON, "closed")))


def valid_today(asker: Asker) -> Bool:
    """A consent that holds on the asker's day."""
    return sa.and_(
        consent.c.withdrawn_at.is_(None),
        consent.c.obtained_on <= asker.today,
        consent.c.valid_until >= asker.today,
    )


def _consent(row: Row, asker: Asker) -> Bool:
    """The referral's own consent names the asker's organisation and something of the level to be opened."""
    named: sa.Select[Any] = (
        sa.select(consent.c.id)
        .join(
            consent_recipient,
            sa.and_(
                consent_recipient.c.tenant_id == asker.tenant, consent_recipient.c.consent_id == consent.c.id
            ),
        )
        .where(
            consent.c.tenant_id == asker.tenant,
            consent.c.id == row.c.consent_id,
            consent_recipient.c.organisation_id == asker.organisation,
            valid_today(asker),
            names_item(consent.c["items"], asker),
        )
    )
    return looked_up(named)


def names_item(items: "sa.ColumnElement[Any]", asker: Asker) -> Bool:
    """Something of the level that is about to be opened; null where nothing is."""
    of_level = sa.case(
        {level: sa.literal(list(names), ARRAY(sa.Text())) for level, names in codes.LEVELS.items()},
        value=asker.item,
    )
    return items.bool_op("&&")(of_level)


def _case_of_asker(row: Row, asker: Asker) -> Bool:
    """The row hangs on a case of the asker's organisation; the asker's role stands in the policy's lines."""
    held: sa.Select[Any] = sa.select(case_file.c.id).where(
        case_file.c.tenant_id == asker.tenant,
        case_file.c.id == row.c.case_id,
        case_file.c.organisation_id == asker.organisation,
    )
    return looked_up(held)


def _of_referral(fact: Predicate) -> Predicate:
    """The fact of the referral that the row hangs on."""
    return Hanging("referral", referral, "referral_id", fact)


def _of_the_ends(row: Row, _: Asker) -> Bool:
    return sa.not_(among(row.c.step, machine.OF_BYSTANDERS))


def _author(row: Row, asker: Asker) -> Bool:
    return row.c.author_organisation_id == asker.organisation


def _held(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.held


def _void_requested(row: Row, _: Asker) -> Bool:
    return row.c.void_asked_at.is_not(None)


# a note is seen as long as the card hangs where it hung when the note was written
_OF_THE_POSTING = Hanging("referral", referral, "referral_id", is_posted, alike=("posted_at",))

RELATIONS.register("case", "own", holds_case)
RELATIONS.register("case", "case_holder", holds_case)
RELATIONS.register("consent", "case_holder", _case_of_asker)
RELATIONS.register("referral", "own", is_sender)
RELATIONS.register("referral", "group", in_group)
RELATIONS.register("referral", "posted", is_posted)
RELATIONS.register("referral", "open_board", _open_board)
RELATIONS.register("referral", "ever_party", _ever_party)
RELATIONS.register("referral", "party", _party)
RELATIONS.register("referral", "recipient", _recipient)
RELATIONS.register("referral", "accepted", _accepted)
RELATIONS.register("referral", "opened", _opened)
RELATIONS.register("referral", "consent", _consent)
RELATIONS.register("referral", "case_holder", _case_of_asker)
RELATIONS.register("referral", "holder", _held)
RELATIONS.register("referral", "void_requested", _void_requested)
RELATIONS.register("card_note", "group", in_group)
RELATIONS.register("card_note", "posted", _OF_THE_POSTING)
RELATIONS.register("card_note", "own", _author)
RELATIONS.register("question", "party", _of_referral(_party))
RELATIONS.register("offer", "own", holds_case)
RELATIONS.register("offer", "sender", _of_referral(is_sender))
RELATIONS.register("access_entry", "case_holder", _case_of_asker)
RELATIONS.register("referral_event", "sender", _of_referral(is_sender))
RELATIONS.register("referral_event", "own", holds_case)
RELATIONS.register("referral_event", "of_ends", _of_the_ends)
for _object in ("referral_event", "disclosure", "correction", "access_entry"):
    RELATIONS.register(_object, "ever_party", _of_referral(_ever_party))
