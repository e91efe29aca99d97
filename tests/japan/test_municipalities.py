"""The list of tenants: complete, consistent with itself, and strict about what is typed."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from libs.errors.problems import InvalidInput
from libs.japan import municipalities

DATA = Path(municipalities.__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_there_are_47_prefectures_and_1741_municipalities() -> None:
    kinds = Counter(found.kind for found in municipalities.all_active())
    assert kinds.pop("prefecture") == 47
    assert kinds == {"designated_city": 20, "city": 772, "special_ward": 23, "town": 743, "village": 183}
    assert kinds.total() == 1741


def test_every_code_is_found_and_has_its_own_check_digit() -> None:
    listed = rows("municipalities.csv") + rows("designated_city_wards.csv")
    assert len(listed) == 1794 + 171
    assert [
        row["code"] for row in listed if municipalities.check_digit(row["code"][:5]) != row["code"][5]
    ] == []
    assert all(municipalities.find(found.code) is found for found in municipalities.all_active())


def detects(code: str) -> bool:
    return municipalities.check_digit(code[:5]) != code[5]


def test_the_check_digit_finds_the_share_of_typing_errors_that_it_can() -> None:
    codes = [row["code"] for row in rows("municipalities.csv")]
    substituted = [
        code[:place] + digit + code[place + 1 :]
        for code in codes
        for place in range(6)
        for digit in "0123456789"
        if digit != code[place]
    ]
    swapped = [
        code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for code in codes
        for place in range(5)
        if code[place] != code[place + 1]
    ]
    assert (sum(map(detects, substituted)), len(substituted)) == (95_406, 96_876)
    assert (len(swapped), round(sum(map(detects, swapped)) / len(swapped), 3)) == (8_052, 0.969)


@pytest.mark.parametrize(
    ("code5", "digit"), [("29209", "5"), ("01100", "2"), ("13101", "6"), ("13000", "1"), ("27000", "8")]
)
def test_check_digits_of_the_ministrys_examples(code5: str, digit: str) -> None:
    assert municipalities.check_digit(code5) == digit


def test_ikoma_and_its_prefecture_by_full_width_digits() -> None:
    ikoma = municipalities.find("２９２０９５")
    assert (ikoma.display_name, ikoma.name_kana, ikoma.prefecture) == ("生駒市", "イコマシ", "奈良県")
    assert (ikoma.is_prefecture, ikoma.prefecture_code, ikoma.kind) == (False, "29", "city")
    nara = municipalities.find(" 290009 ")
    assert (nara.display_name, nara.is_prefecture) == ("奈良県", True)


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("29209", "not_six_digits"),
        ("2920955", "not_six_digits"),
        ("生駒市", "not_six_digits"),
        ("٢٩٢٠٩٥", "not_six_digits"),
        ("", "not_six_digits"),
        ("292096", "wrong_check_digit"),
        ("011011", "ward_of_designated_city"),
        ("016951", "inactive_municipality"),
        ("990001", "unknown_code"),
    ],
)
def test_each_kind_of_wrong_code_is_told_apart(code: str, detail: str) -> None:
    if detail == "unknown_code":
        code = code[:5] + municipalities.check_digit(code[:5])
    with pytest.raises(InvalidInput) as refused:
        municipalities.find(code)
    assert (refused.value.field, refused.value.detail) == ("municipalityCode", detail)


@pytest.mark.parametrize(("ward", "city"), [("011011", "札幌市"), ("221384", "浜松市"), ("401315", "福岡市")])
def test_a_ward_is_sent_to_its_city(ward: str, city: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        municipalities.find(ward)
    assert city in refused.value.ja
    assert city in refused.value.en


def test_names_repeat_so_codes_are_the_key() -> None:
    names = Counter(found.name for found in municipalities.all_active() if found.name)
    assert names["府中市"] == 2
    assert names["池田町"] == 4
    assert len({found.code for found in municipalities.all_active()}) == 1788
