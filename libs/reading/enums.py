"""Enums of the schema that say what each of their values means."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar

import strawberry

E = TypeVar("E", bound=type[Enum])


def described(description: str, words: Mapping[str, tuple[str, str]]) -> Callable[[E], E]:
    """`words`: Japanese and English by the values' codes. Raises ValueError where they are other codes."""

    def made(cls: E) -> E:
        if {each.value for each in cls} != set(words):
            raise ValueError(f"the words of {cls.__name__} are not of its codes")
        strawberry.enum(cls, description=description)
        for each in vars(cls)["__strawberry_definition__"].values:
            each.description = " / ".join(words[each.value])
        return cls

    return made
