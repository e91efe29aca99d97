"""The GraphQL over HTTP specification's own audit, on the platform as it is served."""

import asyncio
import json
from pathlib import Path

from tests.stage.cities import Cities
from tests.stage.node import needs_node
from tests.stage.served import served
from tests.stage.tokens import token_of

AUDIT = Path(__file__).parents[1] / "node" / "graphql_http_audit.mjs"


@needs_node("graphql-http")
async def test_the_platform_passes_all_61_audits_as_ines(cities: Cities) -> None:
    headers = {"authorization": f"Bearer {token_of('ines')}", "tsunagari-acting-for": "ikoma"}
    async with served(cities.stage) as platform:
        process = await asyncio.create_subprocess_exec(
            "node", str(AUDIT), platform.url, json.dumps(headers), stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
    results = json.loads(output)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61
