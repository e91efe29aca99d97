"""People send files over HTTP, and open them as a browser does."""

from typing import Any
from urllib.parse import quote

import httpx

from tests.groups.said import does
from tests.stage.cities import Cities
from tests.stage.stage import Person
from tests.stage.tokens import token_of

OPEN = """mutation ($input: OpenFileInput!) { openFile(input: $input) {
  __typename ... on FileLinkPayload { path expiresAt } ... on UserError { code ja en } } }"""


async def send(person: Person, name: str, content: Any, **headers: str) -> httpx.Response:
    sent = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}", **headers}
    if person.subject is not None:
        sent.setdefault("Authorization", f"Bearer {token_of(person.subject)}")
    return await person.http.post(f"/t/{person.tenant}/uploads", content=content, headers=sent)


async def sent(person: Person, name: str, content: bytes) -> dict[str, Any]:
    response = await send(person, name, content)
    assert response.status_code == 201, response.text
    return response.json()


async def added(
    person: Person, group: str, name: str, content: bytes, audience: str = "ALL"
) -> dict[str, Any]:
    upload = await sent(person, name, content)
    return await does(person, "uploadFile", workingGroupId=group, uploadId=upload["id"], audience=audience)


async def link_to(person: Person, identity: str) -> str:
    given = await person.do(OPEN, id=identity)
    assert given["__typename"] == "FileLinkPayload", given
    path: str = given["path"]
    return path


async def fetched(cities: Cities, path: str) -> httpx.Response:
    """By a browser that has nothing but the link."""
    return await cities.stage.http.get(path)
