"""Who may ask the secretariat's service: its own staff, by token and its own table, at each request."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from libs.errors.problems import InvalidInput, NotAllowed, NotFound, Unauthenticated
from libs.japan.text import clean
from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement, parameter
from libs.serving.service import Caller
from libs.tenancy.accounts import checked_issuer, checked_subject
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.tokens.verify import TokenVerifier
from services.secretariat.models import secretariat_staff


@dataclass(frozen=True, slots=True)
class StaffMember:
    """`expires_at`: Unix seconds at which the token ends."""

    name: str
    role: str
    expires_at: float


class Staff:
    """The door. Nobody is remembered: who was dismissed is out at the next request."""

    def __init__(self, verifier: TokenVerifier, database: Database) -> None:
        self._verifier = verifier
        self._database = database

    async def member(self, caller: Caller) -> StaffMember:
        """Raises Unauthenticated without a valid token, NotAllowed where its bearer is not on the staff."""
        identity = await self._identity(caller)
        async with self._database.reading(Context(None)) as connection:
            given = {"issuer": identity.issuer, "subject": identity.subject}
            row = await connection.fetchrow(FIND.sql, *FIND.arguments(given))
        if row is None:
            raise NotAllowed(
                "このアカウントは全国事務局の職員として登録されていません。事務局の管理者にご相談ください。",
                "This account is not on the national secretariat's staff. Ask its administrator.",
            )
        return StaffMember(row["name"], row["role"], float(identity.expires_at))

    async def _identity(self, caller: Caller) -> Identity:
        scheme, _, token = (caller.authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("no bearer token")
        return await self._verifier.verify(token.strip())


async def appoint(database: Database, identity: tuple[str, str], name: str, role: str) -> None:
    """Takes (issuer, subject) on the staff, or changes name and role. `database` logs in as the owner role.

    Raises InvalidInput for a name or account that cannot be taken.
    """
    issuer, subject = checked_issuer(identity[0]), checked_subject(identity[1])
    said = clean(name, "name", 200)
    if not said:
        raise InvalidInput("name", "氏名を指定してください。", "Give the person's name.")
    given = {"issuer": issuer, "subject": subject, "name": said, "role": role}
    async with database.outside_tenants() as connection:
        await connection.execute(APPOINT.sql, *APPOINT.arguments(given))


async def dismiss(database: Database, identity: tuple[str, str]) -> None:
    """Ends access at the next request. `database` logs in as the owner role. Raises NotFound."""
    issuer, subject = identity
    async with database.outside_tenants() as connection:
        given = {"issuer": issuer, "subject": subject}
        if await connection.fetchrow(DISMISS.sql, *DISMISS.arguments(given)) is None:
            raise NotFound(
                "その職員は登録されていません。発行者(issuer)とsubjectをご確認ください。",
                "Nobody of this issuer and subject is on the staff. Check both.",
            )


OF_IDENTITY = sa.and_(
    secretariat_staff.c.issuer == parameter(secretariat_staff.c.issuer),
    secretariat_staff.c.subject == parameter(secretariat_staff.c.subject),
)
FIND = Statement(
    sa.select(secretariat_staff.c.name, secretariat_staff.c.role).where(
        OF_IDENTITY, secretariat_staff.c.active
    )
)
DISMISS = Statement(
    sa.update(secretariat_staff)
    .where(OF_IDENTITY)
    .values(active=sa.false())
    .returning(secretariat_staff.c.subject)
)


def _appoint() -> Statement:
    adding = insert(secretariat_staff).values(
        issuer=parameter(secretariat_staff.c.issuer),
        subject=parameter(secretariat_staff.c.subject),
        name=parameter(secretariat_staff.c.name),
        role=parameter(secretariat_staff.c.role),
        active=sa.true(),
    )
    return Statement(
        adding.on_conflict_do_update(
            index_elements=["issuer", "subject"],
            set_={
                "name": adding.excluded.name,
                "role": adding.excluded.role,
                "active": adding.excluded.active,
            },
        )
    )


APPOINT = _appoint()
