"""What the URL of an export says: which list, in which form, and what narrows it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

from graphql import ListTypeNode, NonNullTypeNode, TypeNode, VariableDefinitionNode

from libs.errors.problems import InvalidInput, NotFound
from libs.serving.exports.declared import Export, Exports
from libs.serving.limits import TransportLimits
from libs.serving.problems import BadRequest, TooLarge
from libs.serving.service import Language

Format = Literal["csv", "xlsx"]
Encoding = Literal["utf-8", "cp932"]
Dates = Literal["iso", "era"]
_PATH: Final = re.compile(r"/?([a-z0-9-]{1,63})\.(csv|xlsx)/?")
_MOST_PARAMETERS: Final = 40
_FORMS: Final = {
    "language": ("ja", "en"),
    "encoding": ("utf-8", "cp932"),
    "dates": ("iso", "era"),
}
"""Parameters of every export, and what each may be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`variables` are typed as the document wants them, but not yet validated against the schema."""

    export: Export
    format: Format
    language: Language
    encoding: Encoding
    dates: Dates
    variables: dict[str, Any]


def asked(exports: Exports, path: str, query: bytes, language: Language, limits: TransportLimits) -> Asked:
    """Raises NotFound for a list that is none, BadRequest, TooLarge, InvalidInput."""
    found = _PATH.fullmatch(path)
    export = exports.get(found[1]) if found else None
    if found is None or export is None:
        raise NotFound("この一覧はありません。", "There is no such list.")
    given = _parameters(query, limits)
    forms = {name: _form(name, given.pop(name, [])) for name in _FORMS}
    return Asked(
        export,
        "xlsx" if found[2] == "xlsx" else "csv",
        "en" if (forms["language"] or language) == "en" else "ja",
        "cp932" if forms["encoding"] == "cp932" else "utf-8",
        "era" if forms["dates"] == "era" else "iso",
        _variables(export, given),
    )


def _parameters(query: bytes, limits: TransportLimits) -> dict[str, list[str]]:
    if len(query) > limits.url_bytes:
        raise TooLarge("url", limits.url_bytes)
    try:
        pairs = parse_qsl(query.decode("ascii"), errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise BadRequest(
            "URLのクエリー文字列が読めません。", "The URL's query string cannot be read."
        ) from None
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return given


def _form(name: str, values: list[str]) -> str | None:
    if not values:
        return None
    if len(values) > 1 or values[0] not in _FORMS[name]:
        options = "・".join(_FORMS[name])
        raise InvalidInput(
            name,
            f"「{name}」は {options} のいずれかにしてください。",
            f"'{name}' is one of {', '.join(_FORMS[name])}.",
            detail="NOT_AN_OPTION",
        )
    return values[0]


def _variables(export: Export, given: dict[str, list[str]]) -> dict[str, Any]:
    unknown = sorted(given.keys() - set(export.parameters))
    if unknown:
        names = (*export.parameters, *_FORMS)
        raise InvalidInput(
            unknown[0][:63],
            f"この一覧で使える条件は {'・'.join(names)} です。",
            f"This list is narrowed by {', '.join(names)}.",
            detail="NOT_A_PARAMETER",
        )
    return {name: _value(name, export.variables[name], texts) for name, texts in given.items()}


def _value(name: str, definition: VariableDefinitionNode, texts: list[str]) -> Any:  # noqa: ANN401 - as the document types it
    kind = _inner(definition.type)
    if isinstance(kind, ListTypeNode):
        return [_typed(name, _inner(kind.type), text) for text in texts]
    if len(texts) > 1:
        raise InvalidInput(
            name, f"「{name}」は一つだけ指定してください。", f"Give '{name}' once.", detail="GIVEN_TWICE"
        )
    return _typed(name, kind, texts[0])


def _inner(kind: TypeNode) -> TypeNode:
    return kind.type if isinstance(kind, NonNullTypeNode) else kind


def _typed(name: str, kind: TypeNode, text: str) -> Any:  # noqa: ANN401 - likewise
    """A URL has texts only: numbers and truth values are read, GraphQL judges the rest."""
    wanted: str = getattr(getattr(kind, "name", None), "value", "")
    try:
        return _READ.get(wanted, _text)(text)
    except (ValueError, KeyError):
        raise InvalidInput(
            name,
            f"「{name}」の値が正しくありません。数または true・false で指定してください。",
            f"'{name}' is not a value of its kind. Give a number, or true or false.",
            detail="NOT_A_VALUE",
        ) from None


def _text(text: str) -> str:
    """PostgreSQL has no U+0000 in text."""
    if "\0" in text:
        raise ValueError
    return text


_READ: Final[dict[str, Callable[[str], Any]]] = {
    "Int": int,
    "Float": float,
    "Boolean": {"true": True, "false": False}.__getitem__,
}
