"""Events: two of 生駒市, and a month of 高松市's own published list, row by row."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from rich.console import Console

from libs.errors.problems import NotFound
from libs.japan.open_data.events import read_events
from libs.japan.open_data.samples import sample_path
from services.operator.demo.chapters.groups import group_named
from services.operator.demo.teller import Teller
from services.platform.events.actions.importing import ListOf, RowReport, import_events

CREATE = """mutation ($input: CreateEventInput!) { createEvent(input: $input) {
  ... on EventPayload { event { id version } } ... on UserError { en } } }"""
PUBLISH = """mutation ($input: PublishEventInput!) { publishEvent(input: $input) {
  ... on EventPayload { event { id } } ... on UserError { en } } }"""
SERIES = """mutation ($input: CreateEventSeriesInput!) { createEventSeries(input: $input) {
  ... on EventPayload { event { id version } } ... on UserError { en } } }"""
TAKE = """mutation ($input: TakePlacesInput!) { takePlaces(input: $input) {
  ... on PlacePayload { place { id } } ... on UserError { en } } }"""
MONTH = (2026, 8)
CREDIT = "高松市オープンデータ(CC BY 4.0, © 高松市)"


async def events(teller: Teller, console: Console) -> None:
    """events"""
    group = await group_named(teller, "ines", "ikoma", "居場所と訪問の分科会")
    open_day = await _event(
        teller, "ines", "まちの居場所 見学会", "たけまるホール", 20, days=10, workingGroupId=group
    )
    await _event(teller, "hana", "つながりサポーター養成講座", "生駒市役所", 50, days=24)
    for visitor in ("sato", "kato"):
        await teller.do(visitor, "ikoma", TAKE, eventId=open_day, count=2)
    await _open_to_residents(teller)
    await _series(teller, group)
    await _published_list(teller, console)


async def _open_to_residents(teller: Teller) -> None:
    """A symposium with four places: two residents come by the page, a company and a third one wait."""
    symposium = await _event(
        teller,
        "hana",
        "孤独・孤立を考えるシンポジウム",
        "生駒市役所 大会議室",
        4,
        days=17,
        kind="SYMPOSIUM",
        forResidents=True,
        reservedResidents=1,
        speakers=[{"name": "講師 一郎(架空)", "affiliation": "○○大学"}],
        questions=[{"text": "手話通訳は必要ですか", "choices": ["いいえ", "はい"]}],
    )
    await teller.do("sato", "ikoma", TAKE, eventId=symposium, count=2)
    for number, name in enumerate(("山本 さくら", "井上 蓮", "清水 葵"), start=1):
        await teller.fill_in(
            f"/t/ikoma/events/{symposium}",
            form=f"demo-{number}",
            name=name,
            email=f"resident{number}@example.jp",
            telephone="",
            count="1",
            answer1="1",
        )
    await teller.do("kato", "ikoma", TAKE, eventId=symposium, count=1, wait=True)


async def _series(teller: Teller, group: str) -> None:
    """Six weeks of an evening to get to know each other."""
    content = _content(
        "ゆるやか交流会 まちの夕べ", "たけまるホール", 20, days=5, kind="EXCHANGE", workingGroupId=group
    )
    made = (await teller.do("ines", "ikoma", SERIES, event=content, rule="FREQ=WEEKLY;COUNT=6"))["event"]
    await teller.do(
        "ines", "ikoma", PUBLISH, id=made["id"], version=made["version"], toEverybody=True, following=True
    )


async def _event(  # noqa: PLR0913 - what a poster says
    teller: Teller, who: str, title: str, venue: str, capacity: int, *, days: int, **more: object
) -> str:
    content = _content(title, venue, capacity, days=days, **more)
    made = (await teller.do(who, "ikoma", CREATE, event=content))["event"]
    await teller.do(who, "ikoma", PUBLISH, id=made["id"], version=made["version"], toEverybody=True)
    return made["id"]


def _content(title: str, venue: str, capacity: int, *, days: int, **more: object) -> dict[str, object]:
    starts = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0) + timedelta(days=days)
    occurrence = {"startsAt": starts.isoformat(), "endsAt": (starts + timedelta(minutes=90)).isoformat()}
    return {
        "title": title,
        "venue": venue,
        "capacity": capacity,
        "deliveryMode": "ROOM",
        "occurrences": [occurrence],
        **more,
    }


async def _published_list(teller: Teller, console: Console) -> None:
    """What cannot be understood surely is told row by row; no row is dropped."""
    results = read_events(sample_path("takamatsu_events_2026-08.csv").read_bytes(), MONTH)
    async with teller.acting("oda", "takamatsu") as acting:
        if acting.viewer.organisation_id is None:
            raise NotFound
        report = await import_events(
            acting, acting.viewer.organisation_id, ListOf("高松市 行事予定", MONTH), results
        )
    counts = Counter(row.outcome for row in report.rows)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    console.print(f"{CREDIT}: {len(report.rows)} rows: {told}")
    for row in report.rows:
        if row.outcome in {"asked", "refused"}:
            console.print(_line(row))


def _line(row: RowReport) -> str:
    return f"  row {row.row} {row.outcome}: {row.title or ''} {row.en}"
