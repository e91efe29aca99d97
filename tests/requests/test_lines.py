"""Which telephone answers at which moment in Japan."""

from datetime import date, datetime, time

import pytest

from libs.japan.calendar import JST
from services.platform.codes import ALPHABET, LENGTH, new_code, shown, typed
from services.platform.requests.lines import DAYS, HOLIDAY, Line, Span, answering, loaded, stored, times


def _japan(*moment: int) -> datetime:
    year, month, day, hour, minute = moment
    return datetime(year, month, day, hour, minute, tzinfo=JST)


OFFICE = Line("役所", "0743-00-0001", spans=(Span(DAYS[:5], time(9), time(17)),))
NIGHT = Line("夜", "0743-00-0002", spans=(Span((*DAYS, HOLIDAY), time(22), time(6)),))
ALWAYS = Line("いつでも", "0743-00-0003", spans=(Span((*DAYS, HOLIDAY), time(0), time(0)),))
CAMPAIGN = Line(
    "強化月間",
    "#9999",
    spans=(Span((*DAYS, HOLIDAY), time(0), time(0)),),
    first_on=date(2026, 5, 2),
    last_on=date(2026, 5, 6),
)


@pytest.mark.parametrize(
    ("line", "now", "until"),
    [
        (OFFICE, _japan(2026, 11, 25, 9, 0), _japan(2026, 11, 25, 17, 0)),
        (OFFICE, _japan(2026, 11, 25, 8, 59), None),
        (OFFICE, _japan(2026, 11, 25, 17, 0), None),
        (OFFICE, _japan(2026, 11, 28, 10, 0), None),  # Saturday
        (OFFICE, _japan(2026, 11, 23, 10, 0), None),  # 勤労感謝の日, a Monday
        (NIGHT, _japan(2026, 11, 25, 23, 0), _japan(2026, 11, 26, 6, 0)),
        (NIGHT, _japan(2026, 11, 25, 5, 59), _japan(2026, 11, 25, 6, 0)),
        (NIGHT, _japan(2026, 11, 25, 12, 0), None),
        (ALWAYS, _japan(2026, 11, 23, 3, 0), _japan(2026, 11, 24, 0, 0)),
        (CAMPAIGN, _japan(2026, 5, 2, 0, 0), _japan(2026, 5, 3, 0, 0)),
        (CAMPAIGN, _japan(2026, 5, 1, 23, 59), None),
        (CAMPAIGN, _japan(2026, 5, 7, 0, 0), None),
    ],
)
def test_open_until(line: Line, now: datetime, until: datetime | None) -> None:
    (judged,) = answering([line], now)
    assert judged.until == until


def test_who_answers_now_comes_first_and_the_rest_in_order() -> None:
    noon = datetime(2026, 11, 28, 12, tzinfo=JST)
    assert [each.line.name for each in answering([OFFICE, NIGHT, ALWAYS], noon)] == ["いつでも", "役所", "夜"]


def test_a_number_is_dialled_as_it_is_written() -> None:
    assert CAMPAIGN.dialled == "tel:%239999"
    assert OFFICE.dialled == "tel:0743000001"


def test_lines_come_back_as_they_were_kept() -> None:
    kept = [OFFICE, NIGHT, CAMPAIGN]
    assert loaded(stored(kept)) == kept
    assert times(OFFICE, english=False) == "月・火・水・木・金 09:00〜17:00"
    assert times(OFFICE, english=True) == "Mon Tue Wed Thu Fri 09:00–17:00"


def test_a_code_has_eighty_bits_and_no_letter_that_is_read_for_another() -> None:
    codes = {new_code() for _ in range(1_000)}
    assert len(codes) == 1_000
    assert len(ALPHABET) ** LENGTH >= 2**80
    assert set("".join(codes)) == set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    for code in codes:
        assert typed(shown(code)) == code


@pytest.mark.parametrize("text", ["", "ABC", "0" * 15, "0" * 17, "U" * 16, "'; drop table", "０" * 200])
def test_what_is_no_code(text: str) -> None:
    assert typed(text) is None
