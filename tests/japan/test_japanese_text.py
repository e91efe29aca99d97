import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.japan.text import clean, contains_pattern, kana_key, search_key


def test_the_writers_own_characters_stay() -> None:
    assert clean("　髙﨑 神谷（株）ｶﾅ ", "name", 50) == "髙﨑 神谷（株）ｶﾅ"
    assert clean("\ufa19谷\ufa11", "name", 50) == "\ufa19谷\ufa11"
    assert clean("か\u3099くせい", "name", 50) == "がくせい"
    assert clean("葛\U000e0100城", "name", 50) == "葛\U000e0100城"


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert clean("一行目\r\n二行目\r三行目\t終", "body", 50, multiline=True) == "一行目\n二行目\n三行目\t終"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("生駒\ud83c", "lone_surrogate"),
        ("生駒\n市", "line_break"),
        ("生駒\u2028市", "line_break"),
        ("生駒\0市", "control_character"),
        ("生駒\x1b[31m市", "control_character"),
        ("生駒\u202e市", "control_character"),
        ("あ" * 11, "too_long"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_field(text: str, detail: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean(text, "groupName", 10)
    assert (refused.value.field, refused.value.detail) == ("groupName", detail)


def test_length_is_counted_after_trimming_and_composing() -> None:
    assert len(clean("  " + "か\u3099" * 10 + "  ", "name", 10)) == 10


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("つながりさぽーたー", "ツナガリサポーター"),
        ("ｻﾎﾟｰﾀｰ", "サポーター"),
        ("サポ－タ－", "サポーター"),
        ("斉藤", "齋藤"),
        ("渡辺", "渡邉"),
        ("高崎", "髙﨑"),
        ("NPO法人こども", "ＮＰＯ法人　こども"),
        ("(株)ひろさわ", "㈱ひろさわ"),
        ("霞ケ関", "霞ヶ関"),
        ("087-861-4520", "０８７－８６１－４５２０"),
        ("辻", "辻\U000e0100"),
        ("か゛くせい", "ガクセイ"),
        ("会", "會"),
        ("神谷", "\ufa19谷"),
    ],
)
def test_spellings_that_a_reader_takes_for_the_same_have_one_key(typed: str, stored: str) -> None:
    assert search_key(typed) == search_key(stored)


@pytest.mark.parametrize(
    ("one", "other"), [("はし", "ばし"), ("ひよう", "びょう"), ("大田", "太田"), ("びよう", "びょう")]
)
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


JAPANESE = st.text(
    st.sampled_from("あいかがきゃーゃッサポｻﾎﾟゝヴ髙﨑齋藤渡邉國市 　-－（）％_\\aＺ1９①"), max_size=12
)


@given(JAPANESE, JAPANESE, JAPANESE)
def test_the_key_of_a_part_is_a_part_of_the_key(before: str, part: str, after: str) -> None:
    text = before + part + after
    if part.startswith(("ﾟ", "ﾞ")) or after.startswith(("ﾟ", "ﾞ")):
        return  # half of a letter is no part
    assert search_key(part) in search_key(text)


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


def test_a_pattern_matches_percent_signs_as_themselves() -> None:
    assert contains_pattern("100％_補助") == r"%100\%\_補助%"


def test_readings_sort_as_in_a_directory() -> None:
    expected = [
        "あい",
        "アイ",
        "アーク",
        "あお",
        "かき",
        "かぎ",
        "がき",
        "カード",
        "かい",
    ]
    in_order = ["アーク", "あい", "アイ", "あお", "カード", "かい", "かき", "かぎ", "がき"]
    assert sorted(expected, key=kana_key) == in_order


@pytest.mark.parametrize(
    "in_order",
    [
        ["はし", "はじ", "ばし", "パし"],
        ["びょういん", "びよういん"],
        ["きって", "きつて"],
        ["さー", "さあ"],
        ["いすす", "いすゞ", "いすず"],
        ["ん", "生駒"],
        ["abc", "あ"],
        ["イコマシ", "イコマチ", "いこまる"],
    ],
)
def test_ties_are_broken_as_jis_x_4061_does(in_order: list[str]) -> None:
    assert sorted(set(in_order), key=kana_key) == in_order


@given(st.lists(st.text(st.sampled_from("あいかがさザんー"), max_size=5), max_size=8))
def test_a_prefix_comes_first(readings: list[str]) -> None:
    for reading in readings:
        assert kana_key(reading) <= kana_key(reading + "か")
