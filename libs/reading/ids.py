"""Global ids: a type's prefix and the row's UUID, `organisation_0192…`. Readable, and free to make in SQL."""

import re
import uuid

from libs.errors.problems import InvalidInput

_PREFIX = re.compile(r"[a-z_]{1,40}")
_SHAPE = re.compile(rf"({_PREFIX.pattern})_([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})")


def is_prefix(text: str) -> bool:
    """Whether ids with this prefix can be read back."""
    return _PREFIX.fullmatch(text) is not None


def encode(prefix: str, identity: uuid.UUID) -> str:
    return f"{prefix}_{identity}"


def decode(text: object, field: str = "id") -> tuple[str, uuid.UUID]:
    """(prefix, UUID). Raises InvalidInput where the text is no id at all; unknown ids are just not found."""
    match = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise InvalidInput(
            field,
            f"「{field}」がIDの形ではありません。APIから受け取ったIDをそのまま渡してください。",
            f"'{field}' is no id. Pass an id exactly as the API gave it.",
            detail="MALFORMED_ID",
        )
    return match[1], uuid.UUID(match[2])


def of_type(prefix: str, text: object, field: str = "id") -> uuid.UUID | None:
    """The UUID of an id of this type; None for another type's id."""
    found, identity = decode(text, field)
    return identity if found == prefix else None
