from collections import Counter

import pytest

from libs.errors.problems import InvalidInput
from libs.japan.open_data.facilities import Facility, read_facilities
from libs.japan.open_data.outcomes import Refused
from libs.japan.open_data.samples import sample_path

SUISHO = (
    "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,名称_通称,"
    "POIコード,住所,方書,緯度,経度,電話番号"
)


def test_all_of_takamatsus_facilities_are_read() -> None:
    found = read_facilities(sample_path("takamatsu_facilities.csv").read_bytes())
    facilities = [each for each in found if isinstance(each, Facility)]
    assert len(facilities) == len(found) == 85
    assert [each.row for each in facilities] == list(range(2, 87))
    assert Counter(each.category for each in facilities)["コミュニティセンター"] == 52
    assert all(each.telephone and each.latitude and each.longitude and not each.notes for each in facilities)
    assert facilities[0] == Facility(
        name="高松市日新コミュニティセンター",
        kana=None,
        category="コミュニティセンター",
        address="高松市瀬戸内町22-9",
        telephone="087-834-9911",
        latitude=34.34758361,
        longitude=134.03246917,
        row=2,
    )


def one(row: str, header: str = SUISHO) -> Facility | Refused:
    (found,) = read_facilities(f"{header}\n{row}\n".encode("cp932"))
    return found


def test_the_recommended_columns_are_read() -> None:
    found = one(
        "292095,0000000001,奈良県,生駒市,生駒市役所,イコマシヤクショ,,1302,生駒市東新町8-38,1階,34.69,135.70,（０７４３）７４－１１１１"
    )
    assert found == Facility(
        name="生駒市役所",
        kana="イコマシヤクショ",
        category="1302",
        address="生駒市東新町8-38 1階",
        telephone="0743-74-1111",
        latitude=34.69,
        longitude=135.70,
        row=2,
    )


def test_the_current_standard_columns_and_their_misspelling_are_read() -> None:
    for heading in ("所在地_連結表記", "所在地_連結標記"):
        found = one("生駒市役所,奈良県生駒市東新町8-38", f"名称,{heading}")
        assert isinstance(found, Facility)
        assert found.address == "奈良県生駒市東新町8-38"


def test_a_prefix_on_every_column_is_no_hindrance() -> None:
    found = one("生駒市役所,東新町8-38", "施設_名称,施設_住所")
    assert isinstance(found, Facility)
    assert found.name == "生駒市役所"


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("135.70", "34.69"), ("34.69", ""), ("北緯34度", "135.7"), ("0", "0"), ("nan", "135")],
)
def test_a_point_outside_japan_is_left_out_and_said(latitude: str, longitude: str) -> None:
    found = one(f"市役所,東新町,{latitude},{longitude}", "名称,住所,緯度,経度")
    assert isinstance(found, Facility)
    assert (found.latitude, found.longitude) == (None, None)
    assert [note.code for note in found.notes] == ["coordinates_not_in_japan"]


@pytest.mark.parametrize(
    "number", ["0743-74-1111（代表）", "74-1111", "0743-74-1111 / 0743-74-1112", "1234567890"]
)
def test_what_is_not_one_telephone_number_is_left_out_and_said(number: str) -> None:
    found = one(f"市役所,東新町,{number}", "名称,住所,電話番号")
    assert isinstance(found, Facility)
    assert found.telephone is None
    assert [note.code for note in found.notes] == ["telephone_not_taken"]


@pytest.mark.parametrize(
    "number", ["0743-74-1111", "０７４３ー７４ー１１１１", "(0743)74-1111", "0743741111"]
)
def test_one_telephone_number_is_taken(number: str) -> None:
    found = one(f"市役所,東新町,{number}", "名称,住所,電話番号")
    assert isinstance(found, Facility)
    assert found.telephone in ("0743-74-1111", "0743741111")
    assert found.notes == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",東新町", "name_missing"),
        ("市役所,", "address_missing"),
        ("市役所,東新町,34.6", "too_many_cells"),
        (f"{'市' * 501},東新町", "too_long"),
        ('"市\n役所",東新町', "line_break"),
    ],
)
def test_a_row_that_is_no_facility_is_refused_with_its_number(row: str, reason: str) -> None:
    found = one(row, "名称,住所")
    assert isinstance(found, Refused)
    assert (found.row, found.reason_code) == (2, reason)


def test_a_table_of_something_else_is_refused_by_what_it_lacks() -> None:
    with pytest.raises(InvalidInput, match="住所") as refused:
        read_facilities("名称,色\n市役所,白\n".encode())
    assert refused.value.detail == "unknown_columns"
