"""What is true between an asker and a row, in plain Python; casbin itself decides what that opens."""

import uuid
from dataclasses import dataclass
from functools import cache

from libs.policy.rules import Policy
from libs.policy.vocabulary import READ
from libs.tenancy.viewer import Viewer
from tests.reading.population import ADMITTED, NOW, TODAY
from tests.reading.world import Row, World


@dataclass(frozen=True)
class Judge:
    """The single-row answer: which groups of fields of a row are open to the viewer."""

    world: World
    viewer: Viewer

    def finds(self, object: str, row: Row) -> bool:
        return bool(self._open(object, row))

    def opens(self, object: str, field: str, row: Row) -> bool:
        return _groups(object)[f"{object}.{field}"] in self._open(object, row)

    def may(self, object: str, action: str, row: Row) -> bool:
        """Whether casbin gives the viewer the action on a row that they find."""
        viewer, facts = self.viewer, self._facts(object, row)
        decided = Policy.baseline().explain(viewer.kinds, viewer.roles, object, action, facts)
        return self.finds(object, row) and decided.allowed

    def has_seat(self, group: uuid.UUID) -> bool:
        """Of today or to come, whoever the organisation is."""
        return any(
            seat["working_group_id"] == group
            and seat["organisation_id"] == self.viewer.organisation_id
            and (seat["until_on"] is None or seat["until_on"] > TODAY)
            for seat in self.world.all("seat")
        )

    def _open(self, object: str, row: Row) -> frozenset[str]:
        return _opened(self.viewer.kinds, self.viewer.roles, object, self._facts(object, row))

    def _facts(self, object: str, row: Row) -> frozenset[str]:
        found = {"everyone"} | self.viewer.facts
        for fact, holds in getattr(self, f"_of_{object}")(row).items():
            if holds:
                found.add(fact)
        return frozenset(found)

    def _of_organisation(self, row: Row) -> dict[str, bool]:
        admitted = _admitted(row)
        return {
            "own": row["id"] == self.viewer.organisation_id,
            "admitted": admitted,
            "published": row["published"] and row["status"] == "active",
            "shared_group": admitted and bool(self._groups() & self._seated(row["id"])),
        }

    def _of_person(self, row: Row) -> dict[str, bool]:
        employers = self._employers(row["id"])
        return {
            "self": row["id"] == self.viewer.person_id,
            "own": self.viewer.organisation_id in employers,
            "admitted": any(_admitted(self.world.rows["organisation"][each]) for each in employers),
            "to_members": row["profile_for"] == "members",
        }

    def _of_working_group(self, row: Row) -> dict[str, bool]:
        return {
            "group": row["id"] in self._groups(),
            "chair": row["id"] in self._chaired(),
            "published": row["published"],
        }

    def _of_seat(self, row: Row) -> dict[str, bool]:
        return {
            "group": row["working_group_id"] in self._groups(),
            "chair": row["working_group_id"] in self._chaired(),
            "own": row["organisation_id"] == self.viewer.organisation_id,
        }

    def _of_post(self, row: Row) -> dict[str, bool]:
        return {
            "group": row["working_group_id"] in self._groups(),
            "own": row["author_organisation_id"] == self.viewer.organisation_id,
            f"audience_{row['audience']}": True,
        }

    def _groups(self) -> set[uuid.UUID]:
        """A seat counts for members alone."""
        organisation = self.viewer.organisation_id
        return self._seated(organisation) if "tenant" in self.viewer.facts and organisation else set()

    def _chaired(self) -> set[uuid.UUID]:
        return {
            seat["working_group_id"]
            for seat in self.world.all("seat")
            if seat["organisation_id"] == self.viewer.organisation_id
            and seat["is_chair"]
            and _is_held_today(seat)
        } & self._groups()

    def _seated(self, organisation: uuid.UUID) -> set[uuid.UUID]:
        return {
            seat["working_group_id"]
            for seat in self.world.all("seat")
            if seat["organisation_id"] == organisation and _is_held_today(seat)
        }

    def is_somebodys(self, group: uuid.UUID) -> bool:
        """A seat of the group is held today."""
        return any(
            seat["working_group_id"] == group and _is_held_today(seat) for seat in self.world.all("seat")
        )

    def _employers(self, person: uuid.UUID) -> set[uuid.UUID]:
        return {
            row["organisation_id"]
            for row in self.world.all("membership")
            if row["person_id"] == person
            and row["since"] <= NOW
            and (row["until"] is None or row["until"] > NOW)
        }


def _is_held_today(seat: Row) -> bool:
    return seat["from_on"] <= TODAY and (seat["until_on"] is None or seat["until_on"] > TODAY)


def _admitted(organisation: Row) -> bool:
    """Once; an application that was withdrawn before anybody decided on it was not."""
    return organisation["status"] in ADMITTED and organisation["decided_at"] is not None


@cache
def _groups(object: str) -> dict[str, str]:
    return {
        name: group for name, group in Policy.baseline().groups.items() if name.partition(".")[0] == object
    }


@cache
def _opened(
    kinds: frozenset[str], roles: frozenset[str], object: str, facts: frozenset[str]
) -> frozenset[str]:
    """The groups of fields that casbin opens, asked one by one."""
    policy = Policy.baseline()
    return frozenset(
        group
        for group in set(_groups(object).values())
        if policy.explain(kinds, roles, group, READ, facts).allowed
    )
