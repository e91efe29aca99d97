"""Answers of different sides, brought to one form so that they can be compared."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, Final, cast

import httpx
import msgspec

from tests.bench.loading import WrongAnswer

_GLOBAL_ID: Final = re.compile(r"[a-z_]+_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_CODE: Final = re.compile(r"[A-Z][A-Z_]*")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT.*")


@dataclass(frozen=True, slots=True)
class Answer:
    """`length` is the body's in bytes; `cost` what the platform says of its own."""

    data: dict[str, Any]
    length: int
    cost: int


async def answered(port: int, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """One answer. Raises WrongAnswer where it holds errors."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        said = await client.post(f"http://127.0.0.1:{port}/graphql", json=body, headers=headers)
    if not said.is_success or "errors" in said.json():
        raise WrongAnswer(said.text[:2_000])
    answer = said.json()
    return Answer(answer["data"], len(said.content), answer.get("extensions", {}).get("cost", 0))


def plain(value: Any) -> Any:
    """Ids without their prefix, codes in lower case, times as UTC, lists for connections of only nodes."""
    if isinstance(value, dict):
        said = cast("dict[str, Any]", value)
        if said.keys() == {"nodes"}:
            return plain(said["nodes"])
        return {key: plain(each) for key, each in said.items()}
    if isinstance(value, list):
        return [plain(each) for each in cast("list[Any]", value)]
    return _plain_text(value) if isinstance(value, str) else value


def _plain_text(text: str) -> str:
    if found := _GLOBAL_ID.fullmatch(text):
        return found[1]
    if _CODE.fullmatch(text):
        return text.lower()
    if _TIME.fullmatch(text):
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()
    return text


def refuse_difference(name: str, ours: object, theirs: object) -> None:
    """Raises WrongAnswer with the first lines in which the contents differ."""
    for one, other in zip_longest(_lines(ours), _lines(theirs)):
        if one != other:
            raise WrongAnswer(f"{name} answers something else: {one} / {other}")


def _lines(value: object) -> list[str]:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic")).decode().splitlines()
