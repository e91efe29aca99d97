"""Taking files off the platform as a person, and reading them back with what is not the product's."""

import csv
import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import httpx

from tests.stage.stage import Person
from tests.stage.tokens import token_of

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


async def fetched(person: Person, path: str, **parameters: Any) -> httpx.Response:
    """GET /exports/{path} as this person."""
    headers = {"Tsunagari-Acting-For": person.tenant} if person.tenant else {}
    if person.subject is not None:
        headers["Authorization"] = f"Bearer {token_of(person.subject)}"
    return await person.http.get(f"/exports/{path}", params=parameters, headers=headers)


async def table(person: Person, path: str, **parameters: Any) -> list[dict[str, str]]:
    """The CSV file's rows by their header."""
    response = await fetched(person, path, **parameters)
    assert response.status_code == 200, response.text
    encoding = "cp932" if "windows-31j" in response.headers["content-type"] else "utf-8-sig"
    return list(csv.DictReader(io.StringIO(response.content.decode(encoding), newline="")))


def sheet(content: bytes) -> list[list[tuple[str, str]]]:
    """An XLSX file's cells as (type, text): "inlineStr" is a text, "n" a number or a date; no formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        root = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert root.find(f".//{_SHEET}f") is None, "a formula"
    rows: list[list[tuple[str, str]]] = []
    for row in root.iter(f"{_SHEET}row"):
        cells = [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iter(f"{_SHEET}c")]
        rows.append(cells)
    return rows
