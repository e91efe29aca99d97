"""What is asked: the same content in the words of each side's schema."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.bench.documents import OURS, POSTGRAPHILE, USUAL_PYTHON, groups_with_next_event

Shape = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """By side: document, variables, and where schemas differ in form, how its answer is brought to one."""

    name: str
    documents: Mapping[str, str]
    variables: Mapping[str, dict[str, Any]]
    shapes: Mapping[str, Shape] = field(default_factory=dict[str, Shape])

    def body(self, side: str) -> dict[str, Any]:
        return {"query": self.documents[side], "variables": self.variables[side]}

    def shaped(self, side: str, data: dict[str, Any]) -> object:
        shape = self.shapes.get(side)
        return data if shape is None else shape(data)


def board(group: str) -> Question:
    """20 cards of a working group's board, newest first, with both organisations and the newest notes."""
    return Question(
        "board_page",
        _documents("board"),
        {
            "ours": {"group": f"working_group_{group}"},
            "postgraphile": {"group": group},
            "usual_python": {"group": group},
        },
    )


def referral_by_id(tenant: str, referral: str) -> Question:
    """One referral with both organisations."""
    return Question(
        "referral_by_id",
        _documents("referral"),
        {
            "ours": {"id": f"referral_{referral}"},
            "postgraphile": {"tenant": tenant, "id": referral},
            "usual_python": {"id": referral},
        },
    )


def directory() -> Question:
    """50 organisations in the order of the kana, how many there are, and whether more follow."""
    return Question("directory_page", _documents("directory"), dict[str, dict[str, Any]].fromkeys(SIDES, {}))


def my_groups(organisation: str, groups: Sequence[str]) -> Question:
    """The working groups in which one's organisation sits, each with its next event.

    Our schema has no link from a group to its events: a client asks for them beside, by the groups' ids.
    """
    return Question(
        "my_groups",
        {**_documents("groups"), "ours": groups_with_next_event(len(groups))},
        {
            "ours": {f"g{place}": f"working_group_{group}" for place, group in enumerate(groups)},
            "postgraphile": {"organisation": organisation},
            "usual_python": {"organisation": organisation},
        },
        {
            "ours": _beside,
            "postgraphile": _through_seats,
            "usual_python": lambda data: _sorted(data["myGroups"]),
        },
    )


SIDES: Final = ("ours", "postgraphile", "usual_python")


def _documents(page: str) -> dict[str, str]:
    return {
        "ours": OURS.get(page, ""),
        "postgraphile": POSTGRAPHILE[page],
        "usual_python": USUAL_PYTHON[page],
    }


def _beside(data: dict[str, Any]) -> list[dict[str, Any]]:
    groups = data["myWorkingGroups"]["nodes"]
    events = {
        event["workingGroup"]["id"]: {key: event[key] for key in event if key != "workingGroup"}
        for name, found in data.items()
        if name != "myWorkingGroups"
        for event in found["nodes"]
    }
    return _sorted([{**group, "nextEvent": events.get(group["id"])} for group in groups])


def _through_seats(data: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [seat["workingGroup"] for seat in data["seats"]["nodes"]]
    return _sorted(
        [
            {**group, "events": None, "nextEvent": next(iter(group["events"]["nodes"]), None)}
            for group in groups
        ]
    )


def _sorted(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By the group's id, whatever it looks like; and without what only led to the event."""
    kept = [{key: group[key] for key in ("id", "name", "purpose", "nextEvent")} for group in groups]
    return sorted(kept, key=lambda group: group["id"].rpartition("_")[2])
