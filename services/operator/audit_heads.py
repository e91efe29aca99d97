"""Heads of audit chains as a file that is kept elsewhere: JSON, one object a platform."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import asyncpg
import msgspec

from libs.errors.problems import InvalidInput
from libs.persistence.audit import Head


class KeptHead(msgspec.Struct, frozen=True):
    """`sha256` in hexadecimal; `at` is when it was taken."""

    tenant: uuid.UUID
    platform: str
    sequence: int
    sha256: str
    at: datetime

    @classmethod
    def of(cls, tenant: asyncpg.Record, head: asyncpg.Record, at: datetime) -> Self:
        return cls(tenant["tenant_id"], tenant["slug"], head["sequence"], head["hash"].hex(), at)

    def head(self) -> Head:
        return Head(self.sequence, bytes.fromhex(self.sha256))

    def shown(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__struct_fields__}


def write_heads(path: Path, heads: Sequence[KeptHead]) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(heads)) + b"\n")


def read_heads(path: Path) -> dict[uuid.UUID, KeptHead]:
    """Raises InvalidInput for a file of another form."""
    try:
        heads = msgspec.json.decode(path.read_bytes(), type=list[KeptHead])
        for each in heads:
            each.head()
    except (msgspec.MsgspecError, ValueError):
        raise InvalidInput(
            "against",
            "tsunagari audit head --export で作成したファイルを指定してください。",
            "Name a file that tsunagari audit head --export made.",
        ) from None
    return {each.tenant: each for each in heads}
