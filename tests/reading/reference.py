"""The same schema with plain resolvers over rows in memory, executed by graphql-core itself.

Written apart from the declarations: what they share is the schema's text alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import graphql as untyped_graphql
from graphql import ExecutionResult, GraphQLSchema, build_schema, parse

from libs.tenancy.viewer import Viewer
from tests.reading.facts import Judge
from tests.reading.paging import NEWEST, Keys, in_order, newest, paged, printed
from tests.reading.population import TODAY
from tests.reading.world import Row, World

# graphql-core leaves out type arguments
_graphql: Any = untyped_graphql

STANDING = {
    "applied": "WAITING",
    "active": "MEMBER",
    "declined": "REFUSED",
    "suspended": "PAUSED",
    "withdrawn": "GONE",
}
AUDIENCE = {"all": "EVERYBODY", "npo": "PUBLIC_AND_NPO", "public": "PUBLIC_ONLY"}
TABLE_OF = {
    "Person": "person",
    "Organisation": "organisation",
    "Sheet": "organisation",
    "WorkingGroup": "working_group",
    "Seat": "seat",
    "Post": "post",
}
PREFIX_OF = {"WorkingGroup": "group"}
# GraphQL field → (policy field, value of the row)
PLAIN: Mapping[str, Mapping[str, tuple[str, Callable[[Row], Any]]]] = {
    "Person": {
        "name": ("name", lambda row: row["name"]),
        "profile": ("profile", lambda row: row["profile"]),
        "email": ("email", lambda row: row["email"]),
        "version": ("version", lambda row: row["version"]),
    },
    "Organisation": {
        "name": ("name", lambda row: row["name"]),
        "kana": ("name_kana", lambda row: row["name_kana"]),
        "kind": ("kind", lambda row: row["kind"].upper()),
        "standing": ("status", lambda row: STANDING[row["status"]]),
        "fieldsOfWork": ("fields_of_work", lambda row: row["fields_of_work"]),
        "area": ("area", lambda row: row["area"]),
        "website": ("website", lambda row: row["website"]),
        "workContact": ("work_contact", lambda row: row["work_contact"]),
        "confidentialAddress": ("confidential_address", lambda row: row["confidential_address"]),
        "reviewNotes": ("review_notes", lambda row: row["review_notes"]),
        "createdAt": ("created_at", lambda row: printed(row["created_at"])),
        "decidedAt": ("member_since", lambda row: printed(row["decided_at"])),
        "version": ("version", lambda row: row["version"]),
        "isLarge": ("version", lambda row: row["version"] > 3),
    },
    "Seat": {
        "fromOn": ("from_on", lambda row: printed(row["from_on"])),
        "untilOn": ("until_on", lambda row: printed(row["until_on"])),
        "isChair": ("is_chair", lambda row: row["is_chair"]),
        "createdAt": ("created_at", lambda row: printed(row["created_at"])),
    },
    "Post": {
        "title": ("title", lambda row: row["title"]),
        "body": ("body", lambda row: row["body"]),
        "audience": ("audience", lambda row: AUDIENCE[row["audience"]]),
        "createdAt": ("created_at", lambda row: printed(row["created_at"])),
    },
    "WorkingGroup": {
        "name": ("name", lambda row: row["name"]),
        "purpose": ("purpose", lambda row: row["purpose"]),
        "createdAt": ("created_at", lambda row: printed(row["created_at"])),
        "openToCompanies": ("board_open_to_companies", lambda row: row["board_open_to_companies"]),
    },
}
SHEET = ("name", "area", "kind", "work_contact", "confidential_address", "created_at", "version", "website")
OF_SHEET: Mapping[str, Callable[[Row], Any]] = {
    "kind": lambda row: row["kind"].upper(),
    "created_at": lambda row: printed(row["created_at"]),
}
# the policy fields of what is no plain value, in the schema's order
LINKED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Organisation": (("people", "people"), ("seats", "seats")),
    "Seat": (
        ("organisation", "organisation"),
        ("holder", "organisation"),
        ("workingGroup", "working_group"),
        ("viewerCan", "viewer_can"),
    ),
    "Post": (
        ("author", "author"),
        ("authorOrganisation", "author_organisation"),
        ("subject", "working_group"),
        ("about", "working_group"),
        ("viewerCan", "viewer_can"),
    ),
    "WorkingGroup": (
        ("chair", "chair"),
        ("viewerCan", "viewer_can"),
        ("seats", "seats"),
        ("posts", "posts"),
        ("news", "events"),
    ),
}
ORGANISATION_KEYS: Keys = {
    "KANA": (("sort_key", "id"), (False, False)),
    "NEWEST": (("id",), (True,)),
    "KIND": (("kind", "created_at", "id"), (False, True, False)),
    "VERSION": (("version", "id"), (True, True)),
    "STANDING": (("status", "id"), (False, False)),
}
SEAT_KEYS: Keys = {
    "OLDEST": (("from_on", "id"), (False, False)),
    "LATEST": (("from_on", "created_at", "id"), (True, True, True)),
    "CHAIR": (("is_chair", "from_on", "id"), (True, False, False)),
}


@dataclass(frozen=True)
class Thing:
    """A row as an object of one type."""

    type: str
    row: Row


@dataclass(frozen=True)
class Asked:
    judge: Judge
    world: World

    def seen(self, type_name: str, row: Row | None) -> Thing | None:
        if row is None or not self.judge.finds(TABLE_OF[type_name], row):
            return None
        return Thing(type_name, row)

    def of(self, type_name: str, identity: Any) -> Thing | None:
        return self.seen(type_name, self.world.rows[TABLE_OF[type_name]].get(identity))

    def everything(self, type_name: str) -> list[Thing]:
        rows = self.world.all(TABLE_OF[type_name])
        return [thing for row in rows if (thing := self.seen(type_name, row)) is not None]

    def opens(self, thing: Thing, field: str) -> bool:
        return self.judge.opens(TABLE_OF[thing.type], field, thing.row)


class Reference:
    """Answers a document as graphql-core does."""

    def __init__(self, sdl: str) -> None:
        self._schema: GraphQLSchema = build_schema(sdl)

    def answer(
        self, text: str, variables: Mapping[str, Any], viewer: Viewer, world: World
    ) -> ExecutionResult:
        return _graphql.execute_sync(
            self._schema,
            parse(text),
            context_value=Asked(Judge(world, viewer), world),
            variable_values=dict(variables),
            field_resolver=resolve,
            type_resolver=type_of,
        )


def type_of(thing: Thing, *_: Any) -> str:
    return thing.type


def resolve(source: Any, info: Any, **given: Any) -> Any:
    """A method `_type_field` where there is one, else a plain value or a key of a page."""
    asked: Asked = info.context
    if isinstance(source, dict):
        return cast("dict[str, Any]", source)[info.field_name]
    if source is None:
        return getattr(Roots(asked), f"root_{info.field_name}")(**given)
    name: str = info.field_name
    if name in ALWAYS_OPEN:
        return ALWAYS_OPEN[name](asked, source)
    if not asked.opens(source, dict(policy_fields(source.type))[name]):
        return None
    return value(asked, source, name, given)


def value(asked: Asked, thing: Thing, name: str, given: Mapping[str, Any]) -> Any:
    """The field of a row for which it is open."""
    if thing.type == "Sheet":
        shown = SHEET[int(name[1:]) % len(SHEET)]
        return OF_SHEET[shown](thing.row) if shown in OF_SHEET else thing.row[shown]
    if name in PLAIN[thing.type]:
        return PLAIN[thing.type][name][1](thing.row)
    return getattr(Links(asked), f"{thing.type}_{name}")(thing.row, **given)


def withheld(asked: Asked, thing: Thing) -> list[str]:
    return [name for name, policy in policy_fields(thing.type) if not asked.opens(thing, policy)]


def global_id(thing: Thing) -> str:
    return f"{PREFIX_OF.get(thing.type, thing.type.lower())}_{thing.row['id']}"


def policy_fields(type_name: str) -> list[tuple[str, str]]:
    """The fields on which the policy decides, in the schema's order."""
    if type_name == "Sheet":
        return [(f"f{number:02}", SHEET[number % len(SHEET)]) for number in range(60)]
    plain = [(name, policy) for name, (policy, _) in PLAIN[type_name].items()]
    if type_name == "Person":
        plain.insert(3, ("roles", "roles"))
    return [*plain, *LINKED.get(type_name, ())]


ALWAYS_OPEN: Mapping[str, Callable[[Asked, Thing], Any]] = {
    "id": lambda _, thing: global_id(thing),
    "hiddenFields": withheld,
}


class Roots:
    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def root_me(self) -> Thing | None:
        return self._asked.of("Person", self._asked.judge.viewer.person_id)

    def root_mine(self) -> Thing | None:
        return self._asked.of("Organisation", self._asked.judge.viewer.organisation_id)

    def root_node(self, id: str) -> Thing | None:
        prefix, _, number = id.rpartition("_")
        types = {PREFIX_OF.get(name, name.lower()): name for name in TABLE_OF}
        return self._by_id(types[prefix], number) if prefix in types else None

    def root_organisation(self, id: str) -> Thing | None:
        prefix, _, number = id.rpartition("_")
        return self._by_id("Organisation", number) if prefix == "organisation" else None

    def root_group(self, id: str) -> Thing | None:
        prefix, _, number = id.rpartition("_")
        return self._by_id("WorkingGroup", number) if prefix == "group" else None

    def root_organisations(self, **given: Any) -> dict[str, Any]:
        found = [thing for thing in self._asked.everything("Organisation") if self._fits(thing, given)]
        return paged(found, ORGANISATION_KEYS, given, first=6, order="KANA")

    def root_groups(self, **given: Any) -> dict[str, Any]:
        return paged(self._asked.everything("WorkingGroup"), NEWEST, given, first=3, order="NEWEST")

    def root_sheets(self, first: int | None = None) -> list[Thing]:
        return newest(self._asked.everything("Sheet"), 2 if first is None else first)

    def root_people(self, first: int | None = None) -> list[Thing]:
        return newest(self._asked.everything("Person"), 4 if first is None else first)

    def _by_id(self, type_name: str, number: str) -> Thing | None:
        found = [row for row in self._asked.world.all(TABLE_OF[type_name]) if str(row["id"]) == number]
        return self._asked.seen(type_name, found[0]) if found else None

    def _fits(self, thing: Thing, given: Mapping[str, Any]) -> bool:
        row = thing.row
        tests: dict[str, tuple[tuple[str, ...], Callable[[Any], bool]]] = {
            "search": (("name", "area"), lambda value: value in row["search_key"]),
            "kind": (("kind",), lambda value: row["kind"].upper() == value),
            "kinds": (("kind",), lambda value: row["kind"].upper() in value),
            "standing": (("status",), lambda value: STANDING[row["status"]] == value),
            "contact": (("work_contact",), lambda value: row["work_contact"] == value),
            "since": (("created_at",), lambda value: row["created_at"] >= datetime.fromisoformat(value)),
        }
        return all(
            all(self._asked.opens(thing, field) for field in reads) and test(given[name])
            for name, (reads, test) in tests.items()
            if given.get(name) is not None
        )


class Links:
    """What hangs on a row; named by type and field."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def Person_roles(self, row: Row) -> list[str] | None:  # noqa: N802 - found by name
        held = {
            role
            for each in self._asked.world.all("membership")
            if each["person_id"] == row["id"]
            for role in each["roles"]
        }
        return sorted(role.upper() for role in held) or None

    def Organisation_people(self, row: Row, first: int | None = None) -> list[Thing]:  # noqa: N802
        employed = {
            each["person_id"]
            for each in self._asked.world.all("membership")
            if each["organisation_id"] == row["id"]
        }
        people = [thing for thing in self._asked.everything("Person") if thing.row["id"] in employed]
        return newest(people, 3 if first is None else first)

    def Organisation_seats(self, row: Row, **given: Any) -> dict[str, Any]:  # noqa: N802
        return paged(self._seats("organisation_id", row, given), SEAT_KEYS, given, first=5, order="OLDEST")

    def WorkingGroup_seats(self, row: Row, **given: Any) -> dict[str, Any]:  # noqa: N802
        return paged(self._seats("working_group_id", row, given), SEAT_KEYS, given, first=4, order="LATEST")

    def WorkingGroup_chair(self, row: Row) -> Thing | None:  # noqa: N802
        chairs = [
            thing
            for thing in self._seats("working_group_id", row, {})
            if thing.row["is_chair"] and thing.row["until_on"] is None
        ]
        return chairs[0] if chairs else None

    def WorkingGroup_posts(  # noqa: N802
        self, row: Row, first: int | None = None, audience: str | None = None
    ) -> list[Thing]:
        found = [
            thing
            for thing in self._asked.everything("Post")
            if thing.row["working_group_id"] == row["id"]
            and (audience is None or AUDIENCE[thing.row["audience"]] == audience)
        ]
        keys = (("title", "created_at", "id"), (False, True, False))
        return in_order(found, *keys)[: 3 if first is None else first]

    def WorkingGroup_news(self, row: Row, first: int | None = None) -> list[Thing]:  # noqa: N802
        found = [
            thing
            for type_name in ("Post", "Seat")
            for thing in self._asked.everything(type_name)
            if thing.row["working_group_id"] == row["id"]
        ]
        return in_order(found, ("created_at", "id"), (True, True))[: 4 if first is None else first]

    def Seat_viewerCan(self, row: Row) -> list[str]:  # noqa: N802
        goes_on = row["until_on"] is None or row["until_on"] > TODAY
        return ["END_SEAT"] if goes_on and self._asked.judge.may("seat", "end_seat", row) else []

    def Post_viewerCan(self, row: Row) -> list[str]:  # noqa: N802
        deeds = ("remove_post", "edit_post")
        return [deed.upper() for deed in deeds if self._asked.judge.may("post", deed, row)]

    def WorkingGroup_viewerCan(self, row: Row) -> list[str]:  # noqa: N802
        judge = self._asked.judge
        possible = {
            "ask_for_seat": not judge.has_seat(row["id"]),
            "name_chair": judge.is_somebodys(row["id"]),
            "give_seat": True,
            "write_post": True,
        }
        return [
            deed.upper() for deed, can in possible.items() if can and judge.may("working_group", deed, row)
        ]

    def Seat_organisation(self, row: Row) -> Thing | None:  # noqa: N802
        return self._asked.of("Organisation", row["organisation_id"])

    Seat_holder = Seat_organisation

    def Seat_workingGroup(self, row: Row) -> Thing | None:  # noqa: N802
        return self._asked.of("WorkingGroup", row["working_group_id"])

    def Post_author(self, row: Row) -> Thing | None:  # noqa: N802
        return self._asked.of("Person", row["author_id"])

    def Post_authorOrganisation(self, row: Row) -> Thing | None:  # noqa: N802
        return self._asked.of("Organisation", row["author_organisation_id"])

    def Post_subject(self, row: Row) -> Thing | None:  # noqa: N802
        match row["audience"]:
            case "all":
                return self._asked.of("WorkingGroup", row["working_group_id"])
            case "npo":
                return self._asked.of("Organisation", row["author_organisation_id"])
            case _:
                return self._asked.of("Person", row["author_id"])

    def Post_about(self, row: Row) -> Thing | None:  # noqa: N802
        return None if row["audience"] == "public" else self.Post_subject(row)

    def _seats(self, column: str, row: Row, given: Mapping[str, Any]) -> list[Thing]:
        chair, by = given.get("chair"), given.get("by")
        return [
            thing
            for thing in self._asked.everything("Seat")
            if thing.row[column] == row["id"]
            and (chair is None or thing.row["is_chair"] == chair)
            and (by is None or thing.row["from_on"] <= date.fromisoformat(by))
        ]
