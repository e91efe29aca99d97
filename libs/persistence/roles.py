"""The database roles: each process logs in with the least that its work needs.

The owner has BYPASSRLS because Citus moves shards as the owner (docs/decisions/0003); nothing but migrations
and operators' commands logs in as it.
"""

from collections.abc import Mapping

from libs.persistence.connections import Connection

OWNER = "tsunagari_owner"
APP = "tsunagari_app"
WORKER = "tsunagari_worker"
ONBOARDING = "tsunagari_onboarding"
PUBLISHER = "tsunagari_publisher"
SECRETARIAT = "tsunagari_secretariat"

ROLES = (OWNER, APP, WORKER, ONBOARDING, PUBLISHER, SECRETARIAT)

SCHEMA = "tsunagari"


async def ensure_roles(admin: Connection, passwords: Mapping[str, str]) -> None:
    """Creates what is missing and sets each role's attributes and password; safe to repeat."""
    present = {row["rolname"] for row in await admin.fetch("SELECT rolname FROM pg_roles")}
    for role in ROLES:
        bypass = "BYPASSRLS" if role == OWNER else "NOBYPASSRLS"
        attributes = f"LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT {bypass}"
        verb = "ALTER" if role in present else "CREATE"
        password = await admin.fetchval("SELECT quote_literal($1::text)", passwords[role])
        await admin.execute(f"{verb} ROLE {role} WITH {attributes} PASSWORD {password}")


async def ensure_database(admin: Connection, name: str) -> None:
    """Creates the database, owned by the owner role, closed to everybody else but the product's roles."""
    if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        quoted = await admin.fetchval("SELECT quote_ident($1)", name)
        # builtin: the same order on every node and every machine, whatever its libraries (Citus rule 12)
        await admin.execute(
            f"CREATE DATABASE {quoted} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        )
        await admin.execute(f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC")
        await admin.execute(f"GRANT CONNECT ON DATABASE {quoted} TO {', '.join(ROLES)}")
