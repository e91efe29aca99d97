"""Events from a city's published list: each row becomes one event, a question or a refusal."""

import datetime as dt
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import asyncpg
import msgspec

from libs.errors.problems import InvalidInput
from libs.japan.calendar import JST
from libs.japan.open_data.events import EventResult, UnderstoodEvent
from libs.japan.open_data.occurrences import Occurrence
from libs.japan.open_data.outcomes import Note, Question
from libs.japan.text import clean, search_key
from libs.policy.acting import Acting
from services.platform.events.actions import running, statements
from services.platform.events.actions.imported_content import content_of
from services.platform.events.content import EventContent

NAME_LENGTH: Final = 100

Outcome = Literal["created", "changed", "unchanged", "asked", "refused"]


@dataclass(frozen=True, slots=True)
class ListOf:
    """Which list the rows are from: its name, the same at each import, and the (year, month) it is for."""

    name: str
    month: tuple[int, int]


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row. `code`, `ja` and `en` say why it is asked about or refused and what to do;
    `notes` what was changed or is not stated in a row that was taken."""

    row: int
    outcome: Outcome
    title: str | None = None
    event_id: uuid.UUID | None = None
    code: str | None = None
    ja: str | None = None
    en: str | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """An event of an earlier import for which no row understood now stands: left as it is."""

    event_id: uuid.UUID
    title: str


@dataclass(frozen=True, slots=True)
class Report:
    """One line for each row of the list, in its order, and what is no longer in it."""

    rows: tuple[RowReport, ...]
    gone: tuple[Gone, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(each.outcome == outcome for each in self.rows)


async def import_events(
    acting: Acting, organisation_id: uuid.UUID, list_: ListOf, results: Iterable[EventResult]
) -> Report:
    """Publishes what was understood as the organisation's events; the same list again changes nothing.

    A row is known again by its publisher's number; in a list without such numbers by its title and place
    within that month, where both come several times by their order.

    Raises NotAllowed, NotFound, InvalidInput for the list's name.
    """
    await running.organiser_of(acting, organisation_id)
    # two imports for one organisation go one after the other
    locked = await acting.work.one(statements.LOCK_ORGANISATION, id=organisation_id)
    assert locked is not None  # noqa: S101 - it was found
    prefix = _prefix(organisation_id, list_)
    known = {
        row["source_ref"]: row
        for row in await acting.work.rows(
            statements.IMPORTED, organisation_id=organisation_id, list_ref=prefix
        )
    }
    of_month = dt.datetime(*list_.month, 1, tzinfo=JST)
    importing = _Importing(acting, locked, prefix, known, of_month)
    rows = [await importing.row(result) for result in results]
    return Report(tuple(rows), importing.gone())


class _Importing:
    """One import: what is known from before, and which of it has come again."""

    def __init__(
        self,
        acting: Acting,
        organisation: asyncpg.Record,
        prefix: str,
        known: Mapping[str, asyncpg.Record],
        of_month: dt.datetime,
    ) -> None:
        self._acting = acting
        self._organisation_id = organisation["id"]
        self._organiser = organisation["name"]
        self._of_month = of_month
        self._prefix = prefix
        self._known = known
        self._met: set[str] = set()
        self._same: Counter[str] = Counter()

    async def row(self, result: EventResult) -> RowReport:
        if not isinstance(result, UnderstoodEvent):
            outcome: Outcome = "asked" if isinstance(result, Question) else "refused"
            return RowReport(result.row, outcome, code=result.reason_code, ja=result.ja, en=result.en)
        reference = self._reference(result)
        self._met.add(reference)
        try:
            return await self._understood(result, reference)
        except InvalidInput as problem:
            return _refused(result, problem)

    def gone(self) -> tuple[Gone, ...]:
        return tuple(
            Gone(row["id"], row["title"])
            for reference, row in sorted(self._known.items())
            if reference not in self._met
            and row["state"] != "cancelled"
            and self._is_of_this_list(reference, row)
        )

    def _is_of_this_list(self, reference: str, row: asyncpg.Record) -> bool:
        """One with a number of its own is missed as long as it is to come."""
        numbered = reference.startswith(f"{self._prefix}#")
        return row["over_at"] >= self._of_month if numbered else f"/{self._month}" in reference

    @property
    def _month(self) -> str:
        return f"{self._of_month:%Y-%m}/"

    def _reference(self, result: UnderstoodEvent) -> str:
        if result.identifier is not None:
            return f"{self._prefix}#{hashlib.sha256(result.identifier.encode()).hexdigest()[:24]}"
        said = f"{search_key(result.title)}\n{search_key(result.place or '')}"
        key = hashlib.sha256(said.encode()).hexdigest()[:24]
        self._same[key] += 1
        return f"{self._prefix}{self._month}{key}/{self._same[key]}"

    async def _understood(self, result: UnderstoodEvent, reference: str) -> RowReport:
        content = content_of(result, self._organiser)
        digest = _digest(result)
        row = self._known.get(reference)
        if row is None:
            return await self._created(result, content, reference, digest)
        if row["source_hash"] == digest:
            return _taken(result, "unchanged", row["id"])
        if row["state"] == "cancelled" or row["version"] != row["source_version"]:
            return _changed_on_both_sides(result, row["id"])
        await running.edit(self._acting, row["id"], row["version"], content)
        await self._remember(row["id"], reference, digest)
        return _taken(result, "changed", row["id"])

    async def _created(
        self, result: UnderstoodEvent, content: EventContent, reference: str, digest: bytes
    ) -> RowReport:
        made = await running.draft(self._acting, self._organisation_id, content)
        await running.announce(self._acting, made, 1, to_everybody=True)
        await self._remember(made, reference, digest)
        return _taken(result, "created", made)

    async def _remember(self, identity: uuid.UUID, reference: str, digest: bytes) -> None:
        await self._acting.work.one(
            statements.REMEMBER_SOURCE, id=identity, source_ref=reference, source_hash=digest
        )


def _prefix(organisation_id: uuid.UUID, list_: ListOf) -> str:
    name = clean(list_.name, "list", NAME_LENGTH)
    if not name:
        raise InvalidInput("list", "一覧の名前を付けてください。", "Name the list.", detail="REQUIRED")
    return f"{organisation_id}/{name}/"


def _digest(result: UnderstoodEvent) -> bytes:
    """What the row says, whatever its number."""
    said: list[Any] = [result.title, [_said(each) for each in result.occurrences], result.details]
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).digest()


def _said(occurrence: Occurrence) -> Sequence[Any]:
    return (occurrence.first_day, occurrence.last_day, occurrence.opens, occurrence.closes)


def _taken(result: UnderstoodEvent, outcome: Outcome, identity: uuid.UUID) -> RowReport:
    return RowReport(result.row, outcome, result.title, identity, notes=result.notes)


def _refused(result: UnderstoodEvent, problem: InvalidInput) -> RowReport:
    return RowReport(
        result.row,
        "refused",
        result.title,
        code=problem.detail or problem.code,
        ja=problem.ja,
        en=problem.en,
        notes=result.notes,
    )


def _changed_on_both_sides(result: UnderstoodEvent, identity: uuid.UUID) -> RowReport:
    return RowReport(
        result.row,
        "asked",
        result.title,
        identity,
        "changed_on_both_sides",
        "取り込んだ後にこちらで変更か中止がされ、一覧も変わっています。どちらが正しいか確かめて、行事を直接直してください。",
        "The event was edited or cancelled here since its import, and the list changed too. Check which is "
        "right and edit the event itself.",
        result.notes,
    )
