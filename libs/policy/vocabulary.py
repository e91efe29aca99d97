"""The words that a policy may use for kinds, roles, objects, fields and actions, each with its Japanese name.

`labels.csv` holds the product's own: `sort,name,ja,en`. A feature that adds a type, field or action adds its
label there and its lines to `baseline.csv`; a rule that says any other word is refused.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent

ANY: Final = "any"
READ: Final = "read"


@dataclass(frozen=True, slots=True)
class Label:
    ja: str
    en: str


KINDS: Final[dict[str, Label]] = {
    "government": Label("行政", "government"),
    "npo": Label("NPO等", "npo"),
    "company": Label("企業", "company"),
    "coordinator": Label("事務局", "coordinator"),
    "anyone": Label("一般", "anyone"),
    "secretariat": Label("国事務局", "secretariat"),
    "holder": Label("リンク所持者", "holder of a code or link, without account"),
}
ROLES: Final[dict[str, Label]] = {
    "representative": Label("代表者", "representative"),
    "desk": Label("受付担当", "desk"),
    "caseworker": Label("支援担当", "caseworker"),
}


def _no_labels() -> dict[str, Label]:
    return {}


@dataclass(frozen=True)
class Vocabulary:
    """Names by sort. `groups` and `fields` are written `object.name`, `actions` `object.action`."""

    objects: Mapping[str, Label] = field(default_factory=_no_labels)
    groups: Mapping[str, Label] = field(default_factory=_no_labels)
    fields: Mapping[str, Label] = field(default_factory=_no_labels)
    actions: Mapping[str, Label] = field(default_factory=_no_labels)

    @classmethod
    def of(cls, *, groups: Mapping[str, str] | None = None, actions: tuple[str, ...] = ()) -> "Vocabulary":
        """A small vocabulary for tests of other rooms: `groups` maps each `object.field` to its group."""
        of_fields = groups or {}
        names = {name.split(".")[0] for name in (*of_fields, *actions)}
        return cls(_plain(names), _plain(of_fields.values()), _plain(of_fields), _plain(actions))


def _plain(names: Iterable[str]) -> dict[str, Label]:
    return {name: Label(name, name) for name in sorted(set(names))}


@cache
def product() -> Vocabulary:
    """The product's own words, from `labels.csv`."""
    sorts: dict[str, dict[str, Label]] = {"object": {}, "group": {}, "field": {}, "action": {}}
    with (HERE / "labels.csv").open(encoding="utf-8", newline="") as lines:
        for sort, name, ja, en in csv.reader(lines):
            sorts[sort][name] = Label(ja, en or name.rpartition(".")[2].replace("_", " "))
    return Vocabulary(sorts["object"], sorts["group"], sorts["field"], sorts["action"])
