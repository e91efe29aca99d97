"""`tsunagari documents`: what clients ask, registered before they ask it; all of it or nothing."""

import hashlib
import json
from pathlib import Path

import pytest

from libs.persistence.roles import APP, ONBOARDING
from services.operator.environment import VARIABLES
from tests.operator.test_commands import refused, run
from tests.stage.founded import founded
from tests.stage.server import url_of

GOOD = {
    "directory.graphql": "query Directory { organisations { nodes { id name } } }\n",
    "own.gql": "{ myOrganisation { name } }",
    "deeper/watch.graphql": "subscription Watch($id: ID!) { boardChanged(id: $id) { name } }",
}
BAD = {
    "syntax.graphql": ("{", "Syntax Error"),
    "field.graphql": ("{ organisations { nodes { secret } } }", "Cannot query field 'secret'"),
    "deep.graphql": ("{a" * 20 + "{b}" + "}" * 20, "may be at most"),
    "none.graphql": ("fragment F on Node { id }", "operationName"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in GOOD.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "README.md").write_text("no document", encoding="utf-8")
    return tmp_path


async def test_a_folders_documents_are_registered_and_listed(folder: Path) -> None:
    async with founded() as stage:
        login = {VARIABLES[ONBOARDING]: url_of(stage.name, ONBOARDING)}
        for _ in range(2):  # the same again changes nothing
            done = run("documents", "register", str(folder), "--json", **login)
            assert done.returncode == 0, done
            assert {row["hash"] for row in json.loads(done.stdout)} == {
                hashlib.sha256(text.encode()).hexdigest() for text in GOOD.values()
            }
        listed = json.loads(run("documents", "list", "--json", **login).stdout)
        assert [Path(row["name"]).name for row in listed] == ["watch.graphql", "directory.graphql", "own.gql"]
        assert await stage.admin.fetchval(
            "SELECT text FROM tsunagari.trusted_document WHERE name LIKE '%directory.graphql'"
        ) == GOOD["directory.graphql"]  # fmt: skip


async def test_one_that_is_not_in_order_keeps_all_of_them_out(folder: Path) -> None:
    async with founded() as stage:
        login = {VARIABLES[ONBOARDING]: url_of(stage.name, ONBOARDING)}
        for name, (text, _) in BAD.items():
            (folder / name).write_text(text, encoding="utf-8")
        done = run("documents", "register", str(folder), "--json", **login)
        assert done.returncode == 1
        said = {Path(row["name"]).name: row["said"] for row in json.loads(done.stdout)}
        assert set(said) == set(BAD)
        for name, (_, expected) in BAD.items():
            assert expected in said[name]
        assert await stage.admin.fetchval("SELECT count(*) FROM tsunagari.trusted_document") == 0


async def test_the_roles_of_services_register_nothing(folder: Path) -> None:
    async with founded() as stage:
        login = {VARIABLES[ONBOARDING]: url_of(stage.name, APP)}
        refused(run("documents", "register", str(folder), **login), "DATABASE")


def test_nothing_to_register_is_told(tmp_path: Path) -> None:
    refused(run("documents", "register", str(tmp_path)), "INVALID_INPUT")
    refused(run("documents", "register", str(tmp_path / "nowhere.graphql")), "INVALID_INPUT")
    (tmp_path / "latin.graphql").write_bytes("{ a # é".encode("latin-1"))
    refused(run("documents", "register", str(tmp_path / "latin.graphql")), "INVALID_INPUT")
