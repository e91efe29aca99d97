"""An organisation applies; it withdraws, or the coordinator admits or declines it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, NotAllowed
from libs.japan.text import search_key
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import membership, organisation, person
from libs.tenancy.tokens.identity import Identity
from services.platform.admission.actions.classes import given_to
from services.platform.admission.actions.conditions import agree
from services.platform.inputs import mail_address, optional, required
from services.platform.members.actions.accounts import known_person, remember, somebody_comes
from services.platform.members.actions.described import NAME_LENGTH, TEXT_LENGTH, Description, columns_of
from services.platform.members.actions.endings import end_memberships
from services.platform.members.models import next_status
from services.platform.papers.actions.handing_in import drop_later

APPLIED: Final = "membership_applied"
DECIDED: Final = "membership_decided"
"""Due work that other rooms do: telling who waits for it."""


@dataclass(frozen=True, slots=True)
class Application:
    """What is said beside the organisation's description. `agreed`: each of the platform's conditions."""

    kind: str
    applicant_name: str | None = None
    applicant_email: str | None = None
    agreed: Sequence[uuid.UUID | None] = ()
    member_class: uuid.UUID | None = None
    wants_class: bool = False


async def apply(acting: Acting, identity: Identity, application: Application, said: Description) -> uuid.UUID:
    """Whoever is signed in applies for an organisation and speaks for it; the coordinator, on its behalf.

    Whether the 法人番号 is a member's already is asked when the application is decided: an applicant must not
    learn who is a member. Raises InvalidInput, AlreadyExists, NotAllowed, NotFound (a condition, the class).
    """
    settings = await somebody_comes(acting, identity)
    on_behalf = acting.access.may("organisation", "apply")
    if not (settings["accepts_applications"] or on_behalf):
        raise NotAllowed(
            "このプラットフォームは現在、入会申請を受け付けていません。事務局にお問い合わせください。",
            "This platform takes no applications at present. Ask its coordinator.",
        )
    applicant = None if on_behalf else await _applicant(acting, identity, application)
    work = acting.work
    applied = await work.insert(
        organisation,
        **columns_of(said),
        work_email_own=not on_behalf,
        kind=application.kind,
        status="applied",
        member_class_id=await _wanted_class(acting, application),
        created_at=work.now,
    )
    await agree(acting, applied, applicant, application.agreed)
    if applicant is not None:
        await work.insert(
            membership,
            person_id=applicant,
            organisation_id=applied,
            roles=["representative"],
            since=work.now,
        )
        work.later(APPLIED, applied, work.now)
    work.record("apply", "organisation", applied, kind=application.kind)
    return applied


async def withdraw_application(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The applicant (or the coordinator for it) thinks better of it. Raises as `approve`."""
    row = await _found(acting, identity, version, "withdraw_application")
    status = next_status("withdraw_application")
    await acting.work.one(WITHDRAW, id=row["id"], status=status)
    await end_memberships(acting.work, row["id"])
    await drop_later(acting.work, row["id"])
    acting.work.record("withdraw_application", "organisation", row["id"])
    return row["id"]


async def approve(acting: Acting, identity: uuid.UUID | None, version: int, notes: str | None) -> uuid.UUID:
    """The coordinator admits an applicant.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, AlreadyExists (a member has this 法人番号).
    """
    row = await _found(acting, identity, version, "approve_member")
    return await _decide(acting, row["id"], next_status("approve_member"), Decision(notes=notes))


@dataclass(frozen=True, slots=True)
class Decision:
    """Why; the applicant reads code and reason, never the notes."""

    code: str | None = None
    reason: str | None = None
    notes: str | None = None


async def decline(acting: Acting, identity: uuid.UUID | None, version: int, decision: Decision) -> uuid.UUID:
    """The coordinator declines and says why. Raises as `approve`, and InvalidInput."""
    row = await _found(acting, identity, version, "decline_member")
    reason = required(decision.reason, "reason", TEXT_LENGTH, multiline=True)
    await drop_later(acting.work, row["id"])
    return await _decide(acting, row["id"], next_status("decline_member"), replace(decision, reason=reason))


async def _found(acting: Acting, identity: uuid.UUID | None, version: int, action: str) -> asyncpg.Record:
    return await acting.find("organisation", organisation, identity, action=action, version=version)


async def _wanted_class(acting: Acting, application: Application) -> uuid.UUID | None:
    if not application.wants_class:
        return None
    return await given_to(acting, application.member_class, application.kind)


async def _applicant(acting: Acting, identity: Identity, application: Application) -> uuid.UUID:
    """The person that applies, made if the account is nobody yet. Raises AlreadyExists."""
    known = await known_person(acting, identity)
    if known is None:
        return await _new_person(acting, identity, application)
    if await acting.work.one(PENDING, person_id=known):
        raise AlreadyExists(
            "あなたの入会申請を審査中です。内容を直すには、団体情報を編集してください。",
            "Your application is being reviewed. To change it, edit the organisation's entry.",
        )
    await acting.work.one(LEAVE_DECLINED, person_id=known)
    return known


async def _new_person(acting: Acting, identity: Identity, application: Application) -> uuid.UUID:
    work = acting.work
    name = required(application.applicant_name, "applicantName", NAME_LENGTH)
    made = await work.insert(
        person,
        status="active",
        issuer=identity.issuer,
        subject=identity.subject,
        name=name,
        search_key=search_key(name),
        email=mail_address(application.applicant_email, "applicantEmail", NAME_LENGTH),
        created_at=work.now,
    )
    await remember(acting)
    return made


async def _decide(acting: Acting, identity: uuid.UUID, status: str, decision: Decision) -> uuid.UUID:
    await acting.work.one(
        DECIDE,
        id=identity,
        status=status,
        decline_code=decision.code,
        decline_reason=decision.reason,
        review_notes=optional(decision.notes, "notes", TEXT_LENGTH, multiline=True),
    )
    acting.work.later(DECIDED, identity, acting.work.now)
    acting.work.record("decide_membership", "organisation", identity, status=status, code=decision.code)
    return identity


NOW = sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True))


def _applications_of(*statuses: str) -> "sa.Select[tuple[object]]":
    return sa.select(organisation.c.id).where(
        organisation.c.tenant_id == TENANT, among(organisation.c.status, statuses)
    )


PENDING = Statement(
    sa.select(membership.c.id).where(
        membership.c.tenant_id == TENANT,
        membership.c.person_id == parameter(membership.c.person_id),
        membership.c.until.is_(None),
        membership.c.organisation_id.in_(_applications_of("applied")),
    )
)
LEAVE_DECLINED = Statement(
    sa.update(membership)
    .where(
        membership.c.tenant_id == TENANT,
        membership.c.person_id == parameter(membership.c.person_id),
        membership.c.until.is_(None),
        membership.c.organisation_id.in_(_applications_of("declined")),
    )
    .values(until=NOW, version=membership.c.version + 1)
)
WITHDRAW = Statement(
    sa.update(organisation)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .values(status=parameter(organisation.c.status), version=organisation.c.version + 1)
)
DECIDE = Statement(
    sa.update(organisation)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .values(
        status=parameter(organisation.c.status),
        decline_code=parameter(organisation.c.decline_code),
        decline_reason=parameter(organisation.c.decline_reason),
        review_notes=parameter(organisation.c.review_notes),
        decided_at=NOW,
        version=organisation.c.version + 1,
    )
)
