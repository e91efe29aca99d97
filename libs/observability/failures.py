"""An exception as the log may have it: types, our own frames, the database's codes.

Messages, arguments and locals are left out: a driver's `detail` quotes the row ("Key (name)=(…) exists").
"""

import traceback
from types import TracebackType
from typing import Any, Final

_OURS: Final = ("libs.", "services.", "migrations.", "tests.")
_SAFE_ATTRIBUTES: Final = ("code", "sqlstate", "schema_name", "table_name", "column_name", "constraint_name")
_CHAIN: Final = 8
_GROUP: Final = 5


def describe(error: BaseException) -> list[dict[str, Any]]:
    """The error, then what caused it, nearest first."""
    chain: list[dict[str, Any]] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen and len(chain) < _CHAIN:
        seen.add(id(link))
        chain.append(_link(link))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return chain


def _link(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    described: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    described |= {name: value for name in _SAFE_ATTRIBUTES if _is_code(value := getattr(error, name, None))}
    described["frames"] = _frames(error.__traceback__)
    if isinstance(error, BaseExceptionGroup):
        members: tuple[BaseException, ...] = error.exceptions  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- isinstance leaves the group's member type open
        described["members"] = [describe(member) for member in members[:_GROUP]]
    return described


def _is_code(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.replace("_", "").isalnum()


def _frames(trace: TracebackType | None) -> list[str]:
    """Our own frames outermost first, and the innermost one whosever it is."""
    walked = [
        (str(frame.f_globals.get("__name__", "?")), frame.f_code.co_name, line)
        for frame, line in traceback.walk_tb(trace)
    ]
    kept = [each for each in walked[:-1] if each[0].startswith(_OURS)] + walked[-1:]
    return [f"{module}:{line} {function}" for module, function, line in kept]
