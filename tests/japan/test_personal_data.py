import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.japan.open_data.facilities import Facility, read_facilities
from libs.japan.open_data.samples import sample_path
from libs.japan.personal_data import is_my_number, scan

IDENTIFYING = [
    ("telephone", "090-1234-5678"),
    ("telephone", "０９０－１２３４－５６７８"),
    ("telephone", "０９０ー１２３４ー５６７８"),
    ("telephone", "090 1234 5678"),
    ("telephone", "09012345678"),
    ("telephone", "0 9 0 1 2 3 4 5 6 7 8"),
    ("telephone", "〇九〇－一二三四－五六七八"),
    ("telephone", "(087)861-4520"),
    ("telephone", "087（839）2292"),
    ("telephone", "+81 90-1234-5678"),
    ("telephone", "+81-(0)87-861-4520"),
    ("telephone", "0120-99-9999"),
    ("telephone", "09\u200b0-1234-5678"),
    ("email", "taro.yamada@example.jp"),
    ("email", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ"),
    ("email", "taro (at) example (dot) co (dot) jp"),
    ("my_number", "123456789018"),
    ("my_number", "１２３４ ５６７８ ９０１８"),
    ("my_number", "1234-5678-9018"),
    ("postal_code", "〒760-8571"),
    ("postal_code", "〒７６０－８５７１"),
    ("postal_code", "760-8571"),
    ("address", "高松市瀬戸内町22-9"),
    ("address", "高松市扇町二丁目8-7"),
    ("address", "高松市松島町一丁目１５番１号"),
    ("address", "高松市田村町1114"),
    ("address", "川部町486-3"),
    ("address", "つくば市みどりの1-2"),
    ("address", "大字浅野826番地の8"),
    ("birth_date", "昭和33年5月4日生まれ"),
    ("birth_date", "S33.5.4生"),
    ("birth_date", "1958年5月4日"),
    ("birth_date", "生年月日：平成10年3月3日"),
    ("birth_date", "2001/4/5 生まれ"),
]
HARMLESS = [
    "8月5日（水）～8月16日（日）に参加したい",
    "2026-08-22 13:30～15:00",
    "2026年8月22日から生活支援",
    "平成31年4月1日から",
    "市町村コード 370002、292095",
    "全国地方公共団体コード010006 011002",
    "法人番号 7000012050002",
    "受付番号 123456789012",
    "高松市で20人ほどの集まり",
    "高松市の8-9月の催し",
    "週2-3回、10:00-12:00に見守り",
    "参加費500-1000円、100-2000円",
    "70代、単身、買い物の付き添い、木太町周辺",
    "第2回、3番目の人",
    "20-30代の若者が高松市内に15,000人",
    "町内200世帯、市内3-4か所の居場所、村で1200人",
    "電話での見守りと、メールの書き方",
    "丁目や番地のない地区",
]


@pytest.mark.parametrize(("kind", "secret"), IDENTIFYING)
def test_what_identifies_is_found_where_it_stands(kind: str, secret: str) -> None:
    before, after = "㈱つながりの方、ﾊﾞｽで来られます。\n連絡先・", "、午後にお願いします"
    (found,) = scan(before + secret + after)
    assert (found.kind, found.start, found.end) == (kind, len(before), len(before) + len(secret))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_does_not_identify_is_let_through(text: str) -> None:
    assert scan(text) == []


def test_several_findings_come_in_order_of_place() -> None:
    text = "090-1234-5678、taro@example.jp、高松市扇町二丁目8-7、〒760-8571、昭和33年5月4日生"
    assert [found.kind for found in scan(text)] == [
        "telephone",
        "email",
        "address",
        "postal_code",
        "birth_date",
    ]


def test_the_check_digit_of_my_number() -> None:
    assert is_my_number("123456789018")
    assert [digit for digit in "0123456789" if is_my_number("12345678901" + digit)] == ["8"]
    assert is_my_number("000000000000")  # remainder 0 gives 0
    assert not is_my_number("12345678901")


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_each_eleven_digits_have_one_check_digit(base: str) -> None:
    assert sum(is_my_number(base + digit) for digit in "0123456789") == 1


def test_every_real_address_and_telephone_number_is_found() -> None:
    found = read_facilities(sample_path("takamatsu_facilities.csv").read_bytes())
    facilities = [each for each in found if isinstance(each, Facility)]
    missed = [
        each.name
        for each in facilities
        if [finding.kind for finding in scan(f"住まいは{each.address}、電話は{each.telephone}です")]
        != ["address", "telephone"]
    ]
    assert (len(facilities), missed) == (85, [])


@given(st.text(max_size=60), st.sampled_from(IDENTIFYING))
def test_offsets_lie_in_the_text_and_never_overlap(text: str, identifying: tuple[str, str]) -> None:
    whole = text + "\n" + identifying[1]
    ends = [0]
    for found in scan(whole):
        assert ends[-1] <= found.start < found.end <= len(whole)
        ends.append(found.end)
    assert ends[-1] > 0


@pytest.mark.parametrize("piece", ["町", "0-", "一", "a.", "町村1", "市1-", "a@", "( ", "生", "〒1"])
def test_long_repetition_is_no_trap(piece: str) -> None:
    assert isinstance(scan(piece * 5000), list)
