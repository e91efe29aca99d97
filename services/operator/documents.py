"""`tsunagari documents`: the documents of a deployment's own clients, registered when they are deployed."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter
from graphql import GraphQLError

from libs.errors.problems import InvalidInput, Problem
from libs.persistence.database import Database
from libs.persistence.roles import ONBOARDING
from libs.reading.bounds import Limits
from libs.reading.documents import DocumentRefused, Documents
from libs.reading.trusted import hash_of, register, registered
from services.operator.environment import url_of
from services.operator.output import show

app = App(name="documents", help="Trusted documents: register, list.")
Json = Annotated[bool, Parameter(name="--json", help="print JSON")]
SUFFIXES: Final = (".graphql", ".gql")
LONGEST: Final = 100_000


@app.command(name="register")
def register_documents(
    *paths: Annotated[Path, Parameter(help="a file holding one document, or a folder of .graphql and .gql")],
    json: Json = False,
) -> int:
    """Registers documents by the SHA-256 of their text, exactly as the file has it; all of them or none.

    Each is held to the schema and its limits first. Exit code 1: some are not in order, none was registered.
    """
    texts = {str(path): _text(path) for path in _files(paths)}
    rows = [_judged(name, text) for name, text in texts.items()]
    refused = [row for row in rows if row["said"] != "ok"]
    if not refused:
        asyncio.run(_register(texts))
    show(refused or rows, json=json, title="refused, nothing registered" if refused else "registered")
    return 1 if refused else 0


@app.command(name="list")
def list_documents(*, json: Json = False) -> None:
    """All registered documents, by name."""

    async def run() -> None:
        async with _database() as database:
            found = await registered(database)
        rows = [{"hash": each.hash, "name": each.name, "registered_at": each.registered_at} for each in found]
        show(rows, json=json, title="documents")

    asyncio.run(run())


def _files(paths: Sequence[Path]) -> list[Path]:
    found = [each for path in paths for each in (_inside(path) if path.is_dir() else [path])]
    if not found:
        raise InvalidInput(
            "paths",
            "登録する文書がありません。"
            ".graphql か .gql のファイル、またはそれらのあるフォルダーを指定してください。",
            "There is nothing to register. Name .graphql or .gql files, or a folder that holds some.",
        )
    return found


def _inside(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES and path.is_file())


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read(LONGEST + 1)
    except (OSError, UnicodeError) as error:
        raise InvalidInput(
            "paths", f"{path} を読めません（UTF-8のファイル）。", f"Cannot read {path} as a UTF-8 file."
        ) from error


def _judged(name: str, text: str) -> Mapping[str, str]:
    return {"hash": hash_of(text), "name": name, "said": _fault(text) or "ok"}


def _fault(text: str) -> str | None:
    """What the service would answer to the document, in English."""
    from services.platform.app import registry

    if len(text) > LONGEST:
        return f"longer than {LONGEST} characters"
    try:
        Documents(registry().schema, Limits()).find(text)
    except DocumentRefused as refused:
        return "; ".join(error.message for error in refused.errors)
    except GraphQLError as error:
        return error.message
    except Problem as problem:
        return problem.en
    return None


async def _register(texts: Mapping[str, str]) -> None:
    async with _database() as database:
        await register(database, texts)


@asynccontextmanager
async def _database() -> AsyncGenerator[Database, None]:
    """As the role that operators onboard with: it may add documents, and change or remove none."""
    database = await Database.open(url_of(ONBOARDING), name="tsunagari-operator", size=1)
    try:
        yield database
    finally:
        await database.close()
