"""The GraphQL over HTTP specification's own audit, by the npm package `graphql-http`."""

import asyncio
import json
import shutil
import warnings
from pathlib import Path

import pytest

from tests.serving.conftest import Running

NODE = Path(__file__).parents[1] / "node"


async def audit(url: str) -> list[dict[str, str]]:
    process = await asyncio.create_subprocess_exec(
        "node", str(NODE / "graphql_http_audit.mjs"), url, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(output)


@pytest.fixture(autouse=True)
def node() -> None:
    if shutil.which("node") is None or not (NODE / "node_modules" / "graphql-http").is_dir():
        missing = "NOT AUDITED: GraphQL over HTTP needs node and `npm ci` in tests/node"
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.warn(missing, stacklevel=1)
        pytest.skip(missing)


async def test_all_61_audits_pass(served: Running) -> None:
    results = await audit(f"{served.url}/graphql")
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61


async def test_the_audit_finds_what_is_no_graphql_server(served: Running) -> None:
    results = await audit(f"{served.url}/healthz")
    assert sum(each["status"] != "ok" for each in results) > 40
