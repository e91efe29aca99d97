"""What a command meets outside itself (a database, a port, a folder), told as refusals with the next step.

Exit code 1 is a check's finding ("the chain is broken"), so a database that can't be reached must not end so.
"""

import socket
from collections.abc import Iterator

import asyncpg
from alembic.util.exc import CommandError
from sqlalchemy.exc import ArgumentError

from libs.errors.problems import InvalidInput, Problem


class DatabaseUnusable(Problem):
    """The database, not the command, is what has to be put right."""

    code = "DATABASE"


def told(error: BaseException) -> Problem | None:
    """The refusal that stands for this error, or None where the fault is ours. Texts hold no URL."""
    found = (_one(each) for each in _chain(error))
    return next((problem for problem in found if problem is not None), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was raised from: SQLAlchemy wraps the driver's."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = getattr(seen, "orig", None) or seen.__cause__


def _one(error: BaseException) -> Problem | None:
    if isinstance(error, UnicodeError) or (isinstance(error, asyncpg.DataError) and "codec" in str(error)):
        return InvalidInput("argument", "引数の文字コードが不正です。", "An argument is no valid text.")
    if isinstance(error, OSError) and error.filename is not None:
        return _file(error)
    for kinds, ja, en in _DATABASE:
        if isinstance(error, kinds):
            return DatabaseUnusable(ja, en)
    return None


def _file(error: OSError) -> Problem:
    return InvalidInput(
        "path",
        f"「{error.filename}」を使用できません({error.strerror})。使用できる場所を指定してください。",
        f"{error.filename} cannot be used ({error.strerror}). Name a place that you may use.",
    )


_Told = tuple[tuple[type[BaseException], ...], str, str]
_DATABASE: tuple[_Told, ...] = (
    (
        (asyncpg.InvalidAuthorizationSpecificationError,),
        "データベースへのログインが拒否されました。tsunagari doctor で利用者名等を確認してください。",
        "The database refused the login. Check user and password of the URLs: tsunagari doctor",
    ),
    (
        (asyncpg.InvalidCatalogNameError,),
        "そのデータベースはありません。tsunagari migrate --roles で作成してください。",
        "There is no such database. Make it: tsunagari migrate --roles",
    ),
    (
        (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.UndefinedColumnError),
        "データベースのスキーマが古いか、まだありません。tsunagari migrate を実行してください。",
        "The database's schema is missing or old. Run: tsunagari migrate",
    ),
    (
        (asyncpg.InsufficientPrivilegeError,),
        "このロールには権限がありません。接続URLのロールを tsunagari doctor で確認してください。",
        "This role may not do that. Check which role each URL logs in as: tsunagari doctor",
    ),
    (
        (asyncpg.ClientConfigurationError, ArgumentError),
        "接続URLを postgresql://利用者:パスワード@ホスト:ポート/データベース の形にしてください。",
        "A database URL is malformed. Write it as postgresql://user:password@host:port/database",
    ),
    (
        (CommandError,),
        "データベースは新しい版で作られています。新しい版をお使いください。",
        "The database was made by a newer tsunagari. Use the newer one.",
    ),
    (
        (
            ConnectionError,
            TimeoutError,
            socket.gaierror,
            asyncpg.PostgresConnectionError,
            asyncpg.CannotConnectNowError,
            asyncpg.TooManyConnectionsError,
            asyncpg.AdminShutdownError,
        ),
        "データベースに接続できません。起動状況と接続URLを tsunagari doctor で確認してください。",
        "The database cannot be reached. Is it running, and are the URLs right? See: tsunagari doctor",
    ),
)
