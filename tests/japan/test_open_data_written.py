"""Lists written again: the real one and any event come back as they were, in each layout and encoding."""

from datetime import date, time, timedelta
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.japan.open_data.event_columns import LAYOUTS, SUISHO
from libs.japan.open_data.event_details import Details
from libs.japan.open_data.event_lists import ENCODINGS, Publisher, write_events
from libs.japan.open_data.events import UnderstoodEvent, read_events
from libs.japan.open_data.occurrences import Occurrence
from libs.japan.open_data.outcomes import Question
from libs.japan.open_data.samples import sample_path

AUGUST = (2026, 8)
CITY = Publisher("372013", "香川県", "高松市")
REAL = [
    each
    for each in read_events(sample_path("takamatsu_events_2026-08.csv").read_bytes(), AUGUST)
    if isinstance(each, UnderstoodEvent)
]


def kept(event: object) -> object:
    """What must be the same afterwards: all but the row, its notes and the publisher's code."""
    assert isinstance(event, UnderstoodEvent), event
    more = tuple(pair for pair in event.details.more if pair[0] != "code")
    details = {name: getattr(event.details, name) for name in Details.__dataclass_fields__ if name != "more"}
    return event.title, event.occurrences, details, dict(more)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_real_list_is_written_and_read_without_loss(layout: str, encoding: str) -> None:
    # one title has a character that CP932 has no room for: it is named, and nothing is written
    rows = REAL if encoding != "cp932" else [each for each in REAL if "Ⓡ" not in repr(each)]
    assert len(rows) >= 44
    written = write_events(rows, layout, encoding, CITY)
    back = read_events(written, AUGUST)
    said, was = repr([kept(each) for each in back]), repr([kept(each) for each in rows])
    # CP932 has one wave dash, which is read as ～
    assert said == (was.replace("〜", "～") if encoding == "cp932" else was)
    if encoding == "cp932":
        with pytest.raises(InvalidInput) as refused:
            write_events(REAL, layout, encoding)
        assert (refused.value.detail, "Ⓡ" in refused.value.ja) == ("NO_ROOM", True)


def test_the_columns_are_those_of_the_standard() -> None:
    assert len(SUISHO) == 32
    header = write_events([], "suisho", "utf-8").decode().strip().split(",")
    assert header[:4] == ["都道府県コード又は市区町村コード", "NO", "都道府県名", "市区町村名"]
    assert header[4:8] == ["イベント名", "イベント名_カナ", "イベント名_英語", "開始日"]


# composed, as whatever was read is: U+212B is read as the letter Å
_TEXT = (
    st.text(
        st.characters(codec="cp932", categories=("L", "N", "P", "Zs"), exclude_characters="‖〜"),
        min_size=1,
        max_size=20,
    )
    .map(lambda text: normalize("NFC", " ".join(text.split())))
    .filter(lambda text: text.encode("cp932", "ignore").decode("cp932") == text)
)
_DAY = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_HOURS = st.sampled_from([(None, None), (time(9), None), (time(9), time(12, 30)), (time(13, 5), time(21))])


def _occurrence(first: date, days: int, hours: tuple[time | None, time | None]) -> Occurrence:
    return Occurrence(first, first + timedelta(days=days), *hours)


@given(
    title=_TEXT.filter(lambda text: text.strip(" -－ー―'") != "" and not text.startswith("'")),
    when=st.lists(st.builds(_occurrence, _DAY, st.sampled_from([0, 0, 3]), _HOURS), min_size=1, max_size=4),
    layout=st.sampled_from(sorted(LAYOUTS)),
    encoding=st.sampled_from(sorted(ENCODINGS)),
)
def test_any_event_comes_back(title: str, when: list[Occurrence], layout: str, encoding: str) -> None:
    days = sorted(when, key=lambda each: (each.first_day, each.opens or time.min))
    nothing = dict.fromkeys((*Details.__dataclass_fields__,))
    details = Details(**{**nothing, "audience": "どなたでも", "more": (("access", "駅から5分"),)})  # pyright: ignore[reportArgumentType] - None is 'not stated'
    event = UnderstoodEvent(2, title, tuple(days), details, ())
    (back,) = read_events(write_events([event], layout, encoding), AUGUST)
    assert kept(back) == kept(event)


def test_a_formula_is_no_formula_in_the_sheet_and_the_same_text_again() -> None:
    nothing = dict.fromkeys(Details.__dataclass_fields__)
    details = Details(**{**nothing, "description": "-1+1|cmd", "more": ()})  # pyright: ignore[reportArgumentType] - likewise
    event = UnderstoodEvent(
        2, '=HYPERLINK("http://x")', (Occurrence(date(2026, 8, 5), date(2026, 8, 5)),), details, ()
    )
    written = write_events([event], "gif", "utf-8")
    assert b"'=HYPERLINK" in written
    assert b"'-1+1" in written
    (back,) = read_events(written, AUGUST)
    assert kept(back) == kept(event)


@pytest.mark.parametrize(
    ("remark", "code"),
    [
        ("開催日時：2026年8月5日(木)10:00～12:00", "weekday_mismatch"),
        ("開催日時：2026年8月6日(木)10:00～12:00", "dates_disagree"),
        ("開催日時：2026年2月30日(月)", "date_remark_not_understood"),
        ("開催日時：2026年8月5日(水)12:00～10:00", "date_remark_not_understood"),
        ("開催日時：毎週水曜", "date_remark_not_understood"),
    ],
)
def test_a_list_of_days_that_cannot_be_right_is_a_question(remark: str, code: str) -> None:
    header = "開始日,終了日,開始時間,終了時間,イベント名,開始日時特記事項"
    (asked,) = read_events(f"{header}\n2026-08-05,2026-08-05,10:00,12:00,会,{remark}\n".encode(), AUGUST)
    assert isinstance(asked, Question)
    assert asked.reason_code == code
