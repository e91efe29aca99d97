"""What a plan may depend on beside the document: answers about this request's variables, asked in compiling.

Every question is recorded, so that the plan is found again by asking the same questions; what was never asked
does not split the cache.
"""

from collections.abc import Mapping
from typing import Any

from libs.reading import ids

Question = tuple[str, str]


def answer(kind: str, name: str, variables: Mapping[str, Any]) -> object:
    """`state` → absent, null or value; `value` → the value itself; `prefix` → the type prefix of an id."""
    if kind == "state":
        return "absent" if name not in variables else "null" if variables[name] is None else "value"
    value = variables.get(name)
    if kind == "prefix":
        return ids.decode(value, name)[0]
    return getattr(value, "value", value)


class Facts:
    """Asks about one request's variables and remembers what was asked, in order."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self.asked: dict[Question, object] = {}

    def ask(self, kind: str, name: str) -> Any:  # noqa: ANN401
        key = (kind, name)
        if key not in self.asked:
            self.asked[key] = answer(kind, name, self._variables)
        return self.asked[key]
