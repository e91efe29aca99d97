"""People come into an organisation by a code that is shown once and kept only as its hash."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, NotFound
from libs.japan.text import search_key
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, organisation, person
from libs.tenancy.tokens.identity import Identity
from services.platform.inputs import mail_address, required
from services.platform.members.actions import on_behalf
from services.platform.members.actions.accounts import known_person, remember, somebody_comes
from services.platform.members.actions.described import NAME_LENGTH
from services.platform.members.models import live

INVITATION_DAYS = timedelta(days=14)
CODE_BYTES = 24


@dataclass(frozen=True, slots=True)
class Invitation:
    """`code` is for the one who invites, to be handed on."""

    person_id: uuid.UUID
    code: str


async def invite(
    acting: Acting, identity: uuid.UUID | None, name: str, roles: Sequence[str], email: str | None
) -> Invitation:
    """A representative invites a person into the organisation; the coordinator only its first representative.

    Raises NotFound, NotAllowed, InvalidInput, WrongState.
    """
    row = await acting.find("organisation", organisation, identity, action="invite_person")
    if not _speaks_for(acting, row["id"]):
        on_behalf.check_invitation(roles)
    work, code = acting.work, secrets.token_urlsafe(CODE_BYTES)
    tidy = required(name, "name", NAME_LENGTH)
    invited = await work.insert(
        person,
        status="invited",
        name=tidy,
        search_key=search_key(tidy),
        email=mail_address(email, "email", NAME_LENGTH),
        invitation_hash=_hash(code),
        invitation_until=work.now + INVITATION_DAYS,
        invited_by=acting.viewer.person_id,
        created_at=work.now,
    )
    await work.insert(
        membership, person_id=invited, organisation_id=row["id"], roles=sorted(set(roles)), since=work.now
    )
    work.record("invite_person", "person", invited, organisation=str(row["id"]))
    return Invitation(invited, code)


async def accept(acting: Acting, identity: Identity, code: str) -> uuid.UUID:
    """The invited person joins with the account that they are signed in with.

    Who is somebody here already takes the seat in the organisation as that person. Raises NotFound for an
    unknown, used, withdrawn or expired code, AlreadyExists for one's own organisation, NotAllowed.
    """
    await somebody_comes(acting, identity)
    row = await acting.work.one(BY_INVITATION, invitation_hash=_hash(code))
    if row is None:
        raise NotFound(
            "招待コードが正しくないか、期限が切れています。招待した方に新しいコードを依頼してください。",
            "The invitation code is wrong, used or expired. Ask for a new one.",
        )
    known = await known_person(acting, identity)
    await on_behalf.check_acceptance(acting, row, known)
    if known is None:
        await acting.work.one(JOIN, id=row["id"], issuer=identity.issuer, subject=identity.subject)
        await remember(acting)
    else:
        await _join_as(acting, known, row)
    joined: uuid.UUID = known or row["id"]
    acting.work.record("accept_invitation", "person", joined, organisation=str(row["organisation_id"]))
    return joined


async def _join_as(acting: Acting, known: uuid.UUID, row: asyncpg.Record) -> None:
    work = acting.work
    if await work.one(MEMBER_OF, person_id=known, organisation_id=row["organisation_id"]):
        raise AlreadyExists(
            "このアカウントは、すでにこの団体に登録されています。",
            "This account belongs to the organisation already.",
        )
    await work.one(HAND_OVER, id=row["membership_id"], person_id=known)
    await work.one(SPEND, id=row["id"])
    await remember(acting)


def _speaks_for(acting: Acting, organisation_id: uuid.UUID) -> bool:
    viewer = acting.viewer
    return viewer.organisation_id == organisation_id and "representative" in viewer.roles


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()


BY_INVITATION = Statement(
    sa.select(
        person.c.id,
        person.c.invited_by,
        membership.c.id.label("membership_id"),
        membership.c.organisation_id,
    )
    .join(membership, sa.and_(live(ASKER), membership.c.person_id == person.c.id))
    .join(
        organisation,
        sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == membership.c.organisation_id),
    )
    .where(
        person.c.tenant_id == TENANT,
        person.c.invitation_hash == parameter(person.c.invitation_hash),
        person.c.status == sa.literal("invited"),
        person.c.invitation_until > ASKER.now,
        organisation.c.status == sa.literal("active"),
    )
    .with_for_update(of=person)
)
MEMBER_OF = Statement(
    sa.select(membership.c.id).where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.person_id == parameter(membership.c.person_id),
        membership.c.organisation_id == parameter(membership.c.organisation_id),
    )
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
HAND_OVER = Statement(
    sa.update(membership)
    .where(membership.c.tenant_id == TENANT, membership.c.id == parameter(membership.c.id))
    .values(person_id=parameter(membership.c.person_id), version=membership.c.version + 1)
)
SPEND = Statement(
    sa.update(person)
    .where(person.c.tenant_id == TENANT, person.c.id == parameter(person.c.id))
    .values(status=sa.literal("removed"), invitation_hash=sa.null(), version=person.c.version + 1)
)
