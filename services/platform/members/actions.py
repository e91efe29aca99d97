"""What people do about membership: apply, admit, decline, invite, join, remove. Each is one transaction."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from libs.errors.problems import AlreadyExists, InvalidInput, NotAllowed, NotFound, WrongState
from libs.japan import corporate_number
from libs.japan.text import clean, kana_key, search_key
from libs.persistence.statements import Statement, parameter
from libs.policy.acting import Acting
from libs.tenancy.models import account_tenant, membership, organisation, person, platform_settings
from libs.tenancy.tokens.identity import Identity

NAME_LENGTH = 200
TEXT_LENGTH = 4_000
INVITATION_DAYS = timedelta(days=14)
TENANT = sa.bindparam("viewer_tenant", type_=sa.Uuid())


@dataclass(frozen=True, slots=True)
class Application:
    """What an organisation says about itself when it applies."""

    kind: str
    name: str
    name_kana: str
    corporate_number: str | None
    fields_of_work: tuple[str, ...]
    services: str
    area: str
    website: str | None
    work_contact: str | None
    statement: str
    applicant_name: str


async def apply(acting: Acting, identity: Identity, application: Application) -> uuid.UUID:
    """A signed-in person applies for an organisation and becomes its representative.

    Raises InvalidInput, AlreadyExists (the 法人番号 is a member's or applicant's), NotAllowed where the platform
    takes no applications.
    """
    work = acting.work
    settings = await work.one(SETTINGS)
    if settings is None or not settings["accepts_applications"]:
        raise NotAllowed(
            "このプラットフォームは現在、入会申請を受け付けていません。事務局にお問い合わせください。",
            "This platform takes no applications at present. Ask its coordinator.",
        )
    columns = _described(application)
    if columns["corporate_number"] is not None and await work.one(
        BY_NUMBER, corporate_number=columns["corporate_number"]
    ):
        raise AlreadyExists(
            "この法人番号の団体は、すでに会員か申請中です。",
            "An organisation with this corporate number is a member or has applied already.",
        )
    applied = await work.insert(
        organisation, **columns, kind=application.kind, status="applied", created_at=work.now
    )
    applicant = await _person_of(acting, identity, clean(application.applicant_name, "applicantName", NAME_LENGTH))
    await work.insert(
        membership, person_id=applicant, organisation_id=applied, roles=["representative"], since=work.now
    )
    work.record("apply", "organisation", applied, kind=application.kind)
    return applied


async def approve(
    acting: Acting, identity: uuid.UUID | None, version: int, notes: str | None
) -> uuid.UUID:
    """The coordinator admits an applicant. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("organisation", organisation, identity, action="approve_member", version=version)
    _must_be(row["status"], "applied")
    return await _decide(acting, row["id"], "active", None, notes)


async def decline(
    acting: Acting, identity: uuid.UUID | None, version: int, reason: str, notes: str | None
) -> uuid.UUID:
    """The coordinator declines; the applicant reads the reason, never the notes."""
    row = await acting.find("organisation", organisation, identity, action="decline_member", version=version)
    _must_be(row["status"], "applied")
    said = clean(reason, "reason", TEXT_LENGTH, multiline=True)
    if not said:
        raise InvalidInput("reason", "理由を入力してください。", "Give a reason.", detail="REQUIRED")
    return await _decide(acting, row["id"], "declined", said, notes)


@dataclass(frozen=True, slots=True)
class Invitation:
    """`code` is shown once, to the one who invites; only its hash is kept."""

    person_id: uuid.UUID
    code: str


async def invite(
    acting: Acting, identity: uuid.UUID | None, name: str, roles: list[str], email: str | None
) -> Invitation:
    """A representative (or the coordinator) invites a person into the organisation."""
    row = await acting.find("organisation", organisation, identity, action="invite_person")
    _must_be(row["status"], "active")
    work, code = acting.work, secrets.token_urlsafe(24)
    invited = await work.insert(
        person,
        status="invited",
        name=_required(clean(name, "name", NAME_LENGTH), "name"),
        email=None if email is None else clean(email, "email", NAME_LENGTH),
        invitation_hash=_hash(code),
        invitation_until=work.now + INVITATION_DAYS,
        created_at=work.now,
    )
    await work.insert(
        membership, person_id=invited, organisation_id=row["id"], roles=sorted(set(roles)), since=work.now
    )
    work.record("invite_person", "person", invited, organisation=str(row["id"]))
    return Invitation(invited, code)


async def accept_invitation(acting: Acting, identity: Identity, code: str) -> uuid.UUID:
    """The invited person joins with the account that they are signed in with.

    Raises NotFound for an unknown, used or expired code; AlreadyExists where the account is somebody here.
    """
    work = acting.work
    row = await work.one(BY_INVITATION, invitation_hash=_hash(code))
    if row is None:
        raise NotFound(
            "招待コードが正しくないか、期限が切れています。招待した方に新しいコードを依頼してください。",
            "The invitation code is wrong, used or expired. Ask for a new one.",
        )
    if await work.one(BY_ACCOUNT, issuer=identity.issuer, subject=identity.subject):
        raise AlreadyExists(
            "このアカウントはすでに登録されています。",
            "This account belongs to somebody on this platform already.",
        )
    await work.one(JOIN, id=row["id"], issuer=identity.issuer, subject=identity.subject)
    await _remember_account(acting)
    work.record("accept_invitation", "person", row["id"])
    return row["id"]


async def remove(acting: Acting, organisation_id: uuid.UUID | None, person_id: uuid.UUID | None) -> uuid.UUID:
    """Ends a person's membership in the organisation; what the organisation holds stays with it."""
    row = await acting.find("organisation", organisation, organisation_id, action="remove_person")
    if person_id is None:
        raise NotFound
    ended = await acting.work.one(END_MEMBERSHIP, person_id=person_id, organisation_id=row["id"])
    if ended is None:
        raise NotFound
    acting.work.record("remove_person", "person", person_id, organisation=str(row["id"]))
    return row["id"]


def _described(application: Application) -> dict[str, object]:
    name = _required(clean(application.name, "name", NAME_LENGTH), "name")
    kana = clean(application.name_kana, "nameKana", NAME_LENGTH)
    services = clean(application.services, "services", TEXT_LENGTH, multiline=True)
    area = clean(application.area, "area", NAME_LENGTH)
    number = application.corporate_number
    return {
        "name": name,
        "name_kana": kana,
        "search_key": search_key(f"{name}\n{kana}\n{services}\n{area}"),
        "sort_key": kana_key(kana or name),
        "corporate_number": None if number is None else corporate_number.validated(number),
        "fields_of_work": [clean(each, "fieldsOfWork", NAME_LENGTH) for each in application.fields_of_work],
        "services": services,
        "area": area,
        "website": _optional(application.website, "website", NAME_LENGTH),
        "work_contact": _optional(application.work_contact, "workContact", TEXT_LENGTH),
        "application_statement": clean(
            application.statement, "applicationStatement", TEXT_LENGTH, multiline=True
        ),
    }


async def _person_of(acting: Acting, identity: Identity, name: str) -> uuid.UUID:
    """The person that this account is here, made if it is nobody yet."""
    work = acting.work
    known = await work.one(BY_ACCOUNT, issuer=identity.issuer, subject=identity.subject)
    if known is not None:
        return known["id"]
    made = await work.insert(
        person,
        status="active",
        issuer=identity.issuer,
        subject=identity.subject,
        name=_required(name, "applicantName"),
        created_at=work.now,
    )
    await _remember_account(acting)
    return made


async def _remember_account(acting: Acting) -> None:
    await acting.work.one(REMEMBER_ACCOUNT, account=acting.viewer.account)


async def _decide(
    acting: Acting, identity: uuid.UUID, status: str, reason: str | None, notes: str | None
) -> uuid.UUID:
    said = None if notes is None else clean(notes, "notes", TEXT_LENGTH, multiline=True)
    await acting.work.one(DECIDE, id=identity, status=status, decline_reason=reason, review_notes=said)
    acting.work.record("decide_membership", "organisation", identity, status=status)
    return identity


def _must_be(status: str, wanted: str) -> None:
    if status != wanted:
        raise WrongState(
            status,
            f"この団体の状態は「{status}」のため、この操作はできません。",
            f"The organisation is '{status}'; this needs '{wanted}'.",
        )


def _required(text: str, field: str) -> str:
    if not text:
        raise InvalidInput(field, f"「{field}」を入力してください。", f"'{field}' is required.", detail="REQUIRED")
    return text


def _optional(text: str | None, field: str, length: int) -> str | None:
    return None if text is None else clean(text, field, length) or None


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


SETTINGS = Statement(
    sa.select(platform_settings.c.accepts_applications).where(
        platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT
    )
)
BY_NUMBER = Statement(
    sa.select(organisation.c.id).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.corporate_number == parameter(organisation.c.corporate_number),
    )
)
BY_ACCOUNT = Statement(
    sa.select(person.c.id).where(
        person.c.tenant_id == TENANT,
        person.c.issuer == parameter(person.c.issuer),
        person.c.subject == parameter(person.c.subject),
    )
)
BY_INVITATION = Statement(
    sa.select(person.c.id)
    .where(
        person.c.tenant_id == TENANT,
        person.c.invitation_hash == parameter(person.c.invitation_hash),
        person.c.status == "invited",
        person.c.invitation_until > sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True)),
    )
    .with_for_update()
)
JOIN = Statement(
    sa.update(person)
    .where(person.c.tenant_id == TENANT, person.c.id == parameter(person.c.id))
    .values(
        status=sa.literal("active"),
        issuer=parameter(person.c.issuer),
        subject=parameter(person.c.subject),
        invitation_hash=sa.null(),
        version=person.c.version + 1,
    )
)
END_MEMBERSHIP = Statement(
    sa.update(membership)
    .where(
        membership.c.tenant_id == TENANT,
        membership.c.person_id == parameter(membership.c.person_id),
        membership.c.organisation_id == parameter(membership.c.organisation_id),
        membership.c.until.is_(None),
    )
    .values(
        until=sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True)), version=membership.c.version + 1
    )
    .returning(membership.c.id)
)
DECIDE = Statement(
    sa.update(organisation)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .values(
        status=parameter(organisation.c.status),
        decline_reason=parameter(organisation.c.decline_reason),
        review_notes=parameter(organisation.c.review_notes),
        decided_at=sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True)),
        version=organisation.c.version + 1,
    )
)
REMEMBER_ACCOUNT = Statement(
    insert(account_tenant)
    .values(account=parameter(account_tenant.c.account), tenant_id=TENANT)
    .on_conflict_do_nothing()
)
