"""`tsunagari migrate`: roles and schema."""

import asyncio
import os
from typing import Annotated
from urllib.parse import unquote, urlsplit

from cyclopts import Parameter

from libs.errors.problems import InvalidInput
from libs.persistence.connections import connect
from libs.persistence.roles import OWNER, ensure_database, ensure_roles
from migrations.upgrade import upgrade
from services.operator.environment import ADMIN, VARIABLES, required, url_of


def migrate(
    *,
    roles: Annotated[bool, Parameter(help="create roles and database first, as the server's admin")] = False,
) -> None:
    """Brings the database to the newest schema, as the owner role.

    With --roles: logs in by TSUNAGARI_ADMIN_DATABASE_URL and gives each role the password of its own URL.
    """
    if roles:
        asyncio.run(_create_roles())
    upgrade(url_of(OWNER))


async def _create_roles() -> None:
    admin = await connect(required(ADMIN))
    try:
        await ensure_roles(admin, {role: _password(variable) for role, variable in VARIABLES.items()})
        await ensure_database(admin, urlsplit(url_of(OWNER)).path.lstrip("/"))
    finally:
        await admin.close()


def _password(variable: str) -> str:
    password = urlsplit(os.environ.get(variable, "")).password
    if not password:
        raise InvalidInput(
            variable,
            f"環境変数 {variable} のURLにパスワードを含めてください。",
            f"The URL in {variable} must hold the role's password.",
        )
    return unquote(password)
