"""Two platforms full of rows: ties, nulls, seats past, present and to come, posts for every audience.

All of it comes from one seed and is written by SQL as the server's admin, past every policy.
"""

import random
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from libs.persistence.roles import SCHEMA
from libs.tenancy.models import PROFILE_FOR, membership, organisation, person
from services.platform.groups.models import post, seat, working_group
from tests.reading.world import Row, World, insert, load

NOW: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)
TABLES: Final = (organisation, person, membership, working_group, seat, post)

KINDS = ("npo", "npo", "npo", "company", "company", "government")
STATES = ("active",) * 12 + ("applied", "declined", "suspended", "withdrawn")
ADMITTED = {"active", "suspended", "withdrawn"}
ROLES = ("representative", "desk", "caseworker")
NAMES = ("ひだまり", "つながり", "みどり", "あおぞら", "みなと", 'quote " \\ end', "タブ\tと😀", "O'Brien")


async def populate(connection: Any, seed: int) -> World:
    """A tenant of its own, and all its rows."""
    drawn = _Drawing(random.Random(seed))
    tenant_id = drawn.id()
    await connection.execute(
        f"INSERT INTO {SCHEMA}.tenant (tenant_id, slug, kind, name, onboarded_at) "
        "VALUES ($1, $2, 'municipality', '生駒市', $3)",
        tenant_id,
        f"city-{seed}",
        NOW,
    )
    await connection.execute(
        f"INSERT INTO {SCHEMA}.platform_settings (tenant_id, id) VALUES ($1, $1)", tenant_id
    )
    for table, rows in drawn.everything():
        for row in rows:
            await insert(connection, table, {"tenant_id": tenant_id, **row})
    return await load(connection, tenant_id, TABLES)


class _Drawing:
    """Draws rows so that ties, nulls and terms at their edges are sure to be among them."""

    def __init__(self, random: random.Random) -> None:
        self._random = random

    def id(self) -> uuid.UUID:
        return uuid.UUID(int=self._random.getrandbits(128), version=4)

    def everything(self) -> list[tuple[sa.Table, list[Row]]]:
        organisations = [self._organisation(number) for number in range(40)]
        people = [self._person(number) for number in range(60)]
        groups = [self._group(number) for number in range(8)]
        memberships = [self._membership(each, organisations) for each in people]
        admitted = [each for each in organisations if each["status"] in ADMITTED and each["decided_at"]]
        seats = [each for group in groups for each in self._seats(group, admitted)]
        # an applicant that holds a seat all the same: it must be of no use to it
        applicant = next(each for each in organisations if each["status"] == "applied")
        seats.append(self._seat(groups[0], applicant, None, from_on=TODAY - timedelta(days=3)))
        posts = [self._post(groups, admitted, people) for _ in range(60)]
        return [
            (organisation, organisations),
            (person, people),
            (membership, memberships),
            (working_group, groups),
            (seat, seats),
            (post, posts),
        ]

    def _organisation(self, number: int) -> Row:
        drawn = self._random
        # one of each state at least, and every kind among the active
        status = "active" if number < 6 else STATES[-1 - number % 16]
        name = f"{drawn.choice(NAMES)}{number % 7}"
        return {
            "id": self.id(),
            "kind": KINDS[number % 6],
            "status": status,
            "name": name,
            "name_kana": drawn.choice(("", "ひだまり")),
            "search_key": name.lower(),
            "sort_key": drawn.choice(("ア", "ひ", "つ", 'e"\\', "😀")),
            "fields_of_work": drawn.sample(("食", "居場所", "a,b", 'q"', "NULL", ""), drawn.randrange(4)),
            "area": drawn.choice(("市内全域", "北部", "")),
            "website": drawn.choice((None, "https://example.jp/?a=1&b=%E3%81%82")),
            "work_contact": drawn.choice((None, "0743-00-0000", "work@example.jp")),
            "confidential_address": drawn.choice((None, "秘密の住所")),
            "review_notes": drawn.choice((None, "審査メモ")),
            "published": drawn.random() < 0.4,
            "created_at": self._moment(),
            "decided_at": self._moment() if status != "applied" and drawn.random() < 0.95 else None,
            "version": drawn.randrange(1, 6),
        }

    def _person(self, number: int) -> Row:
        drawn = self._random
        return {
            "id": self.id(),
            "status": "active",
            "name": f"{drawn.choice(NAMES)}さん{number}",
            "name_kana": "",
            "profile": drawn.choice(("", "よろしくお願いします。\n改行")),
            "profile_for": drawn.choice(PROFILE_FOR),
            "email": drawn.choice((None, "someone@example.jp")),
            "created_at": self._moment(),
        }

    def _membership(self, of: Row, organisations: list[Row]) -> Row:
        drawn = self._random
        since = NOW - timedelta(days=drawn.randrange(1, 900))
        ended = drawn.random() < 0.2
        return {
            "id": self.id(),
            "person_id": of["id"],
            "organisation_id": drawn.choice(organisations)["id"],
            "roles": drawn.sample(ROLES, drawn.randrange(4)),
            "since": since,
            "until": drawn.choice((NOW, NOW - timedelta(days=1))) if ended else None,
        }

    def _group(self, number: int) -> Row:
        drawn = self._random
        return {
            "id": self.id(),
            "name": f"分科会{drawn.choice(NAMES)}{number}",
            "purpose": drawn.choice(("", "孤立を防ぐ")),
            "published": drawn.random() < 0.5,
            "board_open_to_companies": drawn.random() < 0.5,
            "created_at": self._moment(),
        }

    def _seats(self, group: Row, organisations: list[Row]) -> list[Row]:
        drawn = self._random
        # those who will be asked for sit in many groups
        holders = [each for each in organisations[:6] if drawn.random() < 0.6]
        holders += drawn.sample(organisations[6:], 6)
        seats = [self._seat(group, holder, self._end()) for holder in holders]
        chair = next((each for each in seats if each["until_on"] is None), None)
        if chair is not None:
            chair["is_chair"] = True
        return seats

    def _end(self) -> date | None:
        return self._random.choice((None, None, None, TODAY, TODAY + timedelta(days=1)))

    def _seat(self, group: Row, holder: Row, until_on: date | None, from_on: date | None = None) -> Row:
        start = from_on or TODAY + timedelta(days=self._random.choice((-400, -30, -30, -1, 0, 1)))
        return {
            "id": self.id(),
            "working_group_id": group["id"],
            "organisation_id": holder["id"],
            "from_on": start,
            "until_on": until_on,
            "is_chair": False,
            "created_at": self._moment(),
        }

    def _post(self, groups: list[Row], organisations: list[Row], people: list[Row]) -> Row:
        drawn = self._random
        return {
            "id": self.id(),
            "working_group_id": drawn.choice(groups)["id"],
            "audience": drawn.choice(("all", "npo", "public")),
            "author_id": drawn.choice(people)["id"],
            "author_organisation_id": drawn.choice(organisations)["id"],
            "title": f"お知らせ{drawn.randrange(5)}",
            "body": "本文\n" * drawn.randrange(3),
            "created_at": self._moment(),
        }

    def _moment(self) -> datetime:
        """From a few, so that there are ties; with and without parts of a second."""
        fraction = self._random.choice((0, 0, 120_000, 123_456))
        return datetime(2026, 10, self._random.randrange(1, 7), 9, 30, 0, fraction, tzinfo=UTC)
