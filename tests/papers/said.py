"""What the tests of papers and photos say."""

import io
from typing import Any

from PIL import Image

from libs.persistence.objects.store import Objects
from tests.files.papers import PDF
from tests.files.sending import sent
from tests.members.said import REFUSED, own
from tests.stage.cities import Cities
from tests.stage.stage import Person
from tests.stage.tokens import key_folder, token_of

PAPER = "id version kind title name mediaType size createdAt viewerCan hiddenFields"
ADD = f"""mutation ($input: AddPaperInput!) {{ addPaper(input: $input) {{
  __typename ... on ApplicationPaperPayload {{ paper {{ {PAPER} }} }} {REFUSED} }} }}"""
REMOVE = f"""mutation ($input: RemovePaperInput!) {{ removePaper(input: $input) {{
  __typename ... on ApplicationPaperPayload {{ paper {{ id }} }} {REFUSED} }} }}"""
HANDED_IN = f"""query ($id: ID!) {{ organisation(id: $id) {{ hiddenFields
  applicationPapers(first: 50) {{ totalCount nodes {{ {PAPER} }} }} }} }}"""
QUEUE = """{ applications { nodes { id name
  applicationPapers { nodes { kind title createdAt } } } } }"""
SET_PHOTO = f"""mutation ($input: SetPhotoInput!) {{ setPhoto(input: $input) {{
  __typename ... on PersonPayload {{ person {{ id version photo }} }} {REFUSED} }} }}"""
REMOVE_PHOTO = f"""mutation ($input: RemovePhotoInput!) {{ removePhoto(input: $input) {{
  __typename ... on PersonPayload {{ person {{ id version photo }} }} {REFUSED} }} }}"""
SEEN = "query ($id: ID!) { person(id: $id) { photo profile hiddenFields } }"


def kept() -> Objects:
    return Objects.in_folder(key_folder().parent / "objects")


async def hands_in(
    person: Person, organisation: str, name: str = "定款.pdf", kind: str = "ARTICLES"
) -> dict[str, Any]:
    upload = await sent(person, name, PDF)
    given: dict[str, Any] = {"organisationId": organisation, "uploadId": upload["id"]}
    given |= {"kind": kind, "title": "定款"}
    return await person.do(ADD, **given)


async def handed_in(person: Person, organisation: str) -> list[dict[str, Any]] | None:
    """None where the organisation or its papers are hidden."""
    shown = (await person.ask(HANDED_IN, id=organisation)).data["organisation"]
    if shown is None or shown["applicationPapers"] is None:
        assert shown is None or "applicationPapers" in shown["hiddenFields"]
        return None
    papers: list[dict[str, Any]] = shown["applicationPapers"]["nodes"]
    assert shown["applicationPapers"]["totalCount"] == len(papers)
    return papers


async def send_photo(person: Person, content: bytes) -> Any:
    headers = {"Authorization": f"Bearer {token_of(person.subject or '')}"}
    return await person.http.post(f"/t/{person.tenant}/photos", content=content, headers=headers)


async def me(person: Person) -> dict[str, Any]:
    shown: dict[str, Any] = (await person.ask("{ me { id version photo } }")).data["me"]
    return shown


async def shows_photo(person: Person, content: bytes) -> dict[str, Any]:
    response = await send_photo(person, content)
    assert response.status_code == 201, response.text
    upload = response.json()
    answer = await person.do(SET_PHOTO, uploadId=upload["id"], version=(await me(person))["version"])
    assert answer["__typename"] == "PersonPayload", answer
    shown: dict[str, Any] = answer["person"]
    return shown


def snapshot(form: str = "JPEG", size: tuple[int, int] = (1200, 900), mode: str = "RGB") -> bytes:
    """As a telephone writes one: on its side, with where it was taken."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET-PLACE"
    exif.get_ifd(0x8825)[2] = (34.0, 41.0, 30.0)
    Image.new(mode, size, 128 if mode == "L" else None).save(made, form, exif=exif, comment=b"SECRET-PLACE")
    return made.getvalue()


async def organisation_of(person: Person) -> str:
    identity: str = (await own(person))["id"]
    return identity


async def audited(cities: Cities, action: str) -> int:
    async with cities.stage.sql() as sql:
        count = "SELECT count(*) FROM tsunagari.audit_entry WHERE action = $1"
        found: int = await sql.fetchval(count, action)
        return found
