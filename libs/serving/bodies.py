"""From bytes to a `GraphQLRequest`: bounded in size and time, typed, every refusal a `Problem`."""

import asyncio
import re
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from libs.serving.asgi import Receive
from libs.serving.disconnects import Disconnected
from libs.serving.limits import TransportLimits
from libs.serving.problems import BadRequest, BatchRefused, TooLarge, TooSlow
from libs.serving.service import GraphQLRequest

_AT_MEMBER: Final = re.compile(r"at `\$\.(\w+)")
_READ_ON: Final = 8
_BLANK: Final = b" \t\r\n"
_MEMBERS: Final = ("query", "operationName", "variables", "extensions", "documentId")
_DOCUMENT_ID: Final = re.compile(r"sha256:([0-9a-f]{64})")


class _Members(msgspec.Struct, rename="camel"):
    query: str | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None
    document_id: str | None = None


_members: Final = msgspec.json.Decoder(_Members)
_object: Final = msgspec.json.Decoder(dict[str, Any] | None)


async def read_body(receive: Receive, limits: TransportLimits) -> bytes:
    """The body as it streams in. Raises `TooLarge`, `TooSlow`, `Disconnected`."""
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _read(receive, limits.body_bytes)
    except TimeoutError:
        raise TooSlow from None


async def _read(receive: Receive, most: int) -> bytes:
    """Past the bound it reads on for a while and keeps nothing: closing at once would lose the answer."""
    body, size, more = b"", 0, True
    while more and size <= most * _READ_ON:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        size += len(message.get("body", b""))
        body = body + message.get("body", b"") if size <= most else b""
        more = message.get("more_body", False)
    if size > most:
        raise TooLarge("body", most)
    return body


def from_body(body: bytes) -> GraphQLRequest:
    """Raises `BadRequest` for anything but one JSON object with members of the right types."""
    if body.lstrip(_BLANK)[:1] == b"[":
        raise BatchRefused
    members = _decode(_members, body, None)
    return _request(members, may_hold_nul=rb"\u0000" in body, read_only=False)


def from_query_string(query_string: bytes, limits: TransportLimits) -> GraphQLRequest:
    """The same of a URL. Raises `TooLarge`, `BadRequest`."""
    if len(query_string) > limits.url_bytes:
        raise TooLarge("url", limits.url_bytes)
    given = _parameters(query_string)
    members = _Members(
        query=given.get("query"),
        operation_name=given.get("operationName") or None,
        variables=_parameter_object(given, "variables"),
        extensions=_parameter_object(given, "extensions"),
        document_id=given.get("documentId") or None,
    )
    return _request(members, may_hold_nul=True, read_only=True)


def from_message(payload: Any) -> GraphQLRequest:  # noqa: ANN401 -- decoded JSON of any shape
    """The same of a socket's decoded payload. Raises `BadRequest`."""
    try:
        members = msgspec.convert(payload, _Members)
    except msgspec.ValidationError as error:
        raise _wrong_type(error, None) from None
    return _request(members, may_hold_nul=True, read_only=False)


def _request(members: _Members, *, may_hold_nul: bool, read_only: bool) -> GraphQLRequest:
    extensions = _extensions(members)
    if members.query is None and not extensions:
        raise BadRequest("queryがありません。", "The member `query` is missing.", field="query")
    if may_hold_nul and _holds_nul(
        [members.query, members.operation_name, members.variables, members.extensions]
    ):
        raise BadRequest("文字U+0000は使えません。", "The character U+0000 cannot be used.")
    return GraphQLRequest(members.query, members.operation_name, members.variables, extensions, read_only)


def _extensions(members: _Members) -> dict[str, Any] | None:
    """`documentId` is another way of saying what Apollo's extension says."""
    if members.document_id is None:
        return members.extensions
    known = _DOCUMENT_ID.fullmatch(members.document_id)
    if known is None:
        raise BadRequest(
            "documentIdは sha256: に小文字16進64桁を続けた形で送ってください。",
            "A documentId is sha256: and 64 lower-case hex digits.",
            field="documentId",
        )
    named = {"persistedQuery": {"version": 1, "sha256Hash": known[1]}}
    return {**(members.extensions or {}), **named}


def _decode(decoder: msgspec.json.Decoder[Any], text: bytes | str, field: str | None) -> Any:  # noqa: ANN401 -- typed by the decoder
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise _wrong_type(error, field) from None
    except (msgspec.DecodeError, UnicodeError):
        raise BadRequest(
            "JSONとして読めません。UTF-8の正しいJSONを送ってください。",
            "This is not valid UTF-8 JSON.",
            field=field,
        ) from None
    except RecursionError:
        raise BadRequest(
            "JSONの入れ子が深すぎます。", "The JSON is nested too deeply.", field=field
        ) from None


def _wrong_type(error: msgspec.ValidationError, field: str | None) -> BadRequest:
    """Names the member, never quotes the value."""
    if field is None and (found := _AT_MEMBER.search(str(error))) and found[1] in _MEMBERS:
        field = found[1]
    if field is not None:
        return BadRequest(
            f"{field}の型または値の範囲が正しくありません。",
            f"The member `{field}` has a wrong type or a number out of range.",
            field=field,
        )
    return BadRequest("一つのJSONオブジェクトを送ってください。", "Send one JSON object.")


def _parameters(query_string: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20
        )
    except ValueError:
        raise BadRequest(
            "URLのクエリー文字列が読めません。", "The URL's query string cannot be read."
        ) from None
    given = dict(pairs)
    if len(given) != len(pairs):
        raise BadRequest("同じパラメーターが二度あります。", "A parameter is given twice.")
    return given


def _parameter_object(given: dict[str, str], name: str) -> dict[str, Any] | None:
    text = given.get(name)
    return _decode(_object, text, name) if text else None


def _holds_nul(value: Any) -> bool:  # noqa: ANN401 -- decoded JSON of any shape
    """PostgreSQL has no U+0000 in text: it is refused here, not there."""
    waiting: list[Any] = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and "\0" in each:
            return True
        if isinstance(each, dict):
            waiting.extend(each)  # pyright: ignore[reportUnknownArgumentType] -- decoded JSON
            waiting.extend(each.values())  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType] -- decoded JSON
        elif isinstance(each, list):
            waiting.extend(each)  # pyright: ignore[reportUnknownArgumentType] -- decoded JSON
    return False
