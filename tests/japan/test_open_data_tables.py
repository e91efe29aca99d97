import csv
import io

import pytest

from libs.errors.problems import InvalidInput
from libs.japan.open_data import encodings, tables
from libs.japan.open_data.samples import sample_path
from libs.japan.open_data.tables import read_table

TEXT = 'No,名称（正式）,説明\r\n1,生駒市,"一行目\n二行目, 続き"\r\n,,\r\n2,高松市,\r\n'


def encoded() -> dict[str, bytes]:
    return {
        "utf-8": TEXT.encode(),
        "utf-8 bom": TEXT.encode("utf-8-sig"),
        "cp932": TEXT.encode("cp932"),
        "utf-16 le bom": b"\xff\xfe" + TEXT.encode("utf-16-le"),
        "utf-16 be bom": b"\xfe\xff" + TEXT.encode("utf-16-be"),
        "utf-16 le": TEXT.encode("utf-16-le"),
        "utf-16 be": TEXT.encode("utf-16-be"),
    }


@pytest.mark.parametrize("name", encoded())
def test_every_encoding_met_gives_the_same_table(name: str) -> None:
    table = read_table(encoded()[name])
    assert table.header == ("no", "名称(正式)", "説明")
    assert [(row.number, row.cell("名称(正式)")) for row in table.rows] == [(2, "生駒市"), (4, "高松市")]
    assert table.rows[0].cell("説明") == "一行目\n二行目, 続き"
    assert table.blank_rows == (3,)
    assert table.encoding == name.replace(" bom", "").replace("6 ", "6-")


def test_tab_separated_tables_of_a_spreadsheet_are_read() -> None:
    assert read_table(TEXT.replace(",", "\t").encode("utf-16")).rows[1].cell("名称(正式)") == "高松市"


def test_cells_under_no_heading_are_not_lost() -> None:
    table = read_table("名称,住所,\n生駒市役所,東新町,余り,もう一つ\n短い\n".encode())
    assert table.rows[0].surplus == ("余り", "もう一つ")
    assert (table.rows[1].cell("名称"), table.rows[1].cell("住所"), table.rows[1].surplus) == ("短い", "", ())


def wide() -> bytes:
    return ",".join(f"列{n}" for n in range(tables.MAX_COLUMNS + 1)).encode()


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"\xef\xbb\xbf\x80\x80", "undecodable"),
        (b"\x81\x20\xff\xfd", "undecodable"),
        (b"\xff\xfe\x00\xd8", "undecodable"),
        ("名称,住所\n生駒\0,東\n".encode(), "not_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_text"),
        ("名称,住所\n生\x1b駒,東\n".encode(), "not_text"),
        ('名称,住所\n"生駒,東\n'.encode(), "broken_quotes"),
        ('名称,住所\n"生"駒,東\n'.encode(), "broken_quotes"),
        ("名称,名 称\n生駒,東\n".encode(), "duplicate_column"),
        (b"\n1,2\n", "no_header"),
        (b",,\n1,2,3\n", "no_header"),
        (wide(), "too_many_columns"),
        (b"a\n" + b"1\n" * (tables.MAX_ROWS + 1), "too_many_rows"),
        (b"a" * (encodings.MAX_BYTES + 1), "too_large"),
        (b"a\n" + b"b" * 200_000, "broken_quotes"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, detail: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_table(data)
    assert (refused.value.field, refused.value.detail) == ("file", detail)


def test_as_many_rows_as_allowed_are_read() -> None:
    assert len(read_table(b"a\n" + b"1\n" * tables.MAX_ROWS).rows) == tables.MAX_ROWS


def test_the_broken_row_is_named() -> None:
    with pytest.raises(InvalidInput, match="row 3"):
        read_table('名称,住所\n生駒,東\n"生"駒,東\n'.encode())


@pytest.mark.parametrize("name", ["takamatsu_events_2026-08.csv", "takamatsu_facilities.csv"])
def test_the_real_files_are_read_cell_for_cell(name: str) -> None:
    data = sample_path(name).read_bytes()
    plain = list(csv.reader(io.StringIO(data.decode(), newline="")))
    table = read_table(data)
    assert [list(row.cells.values()) for row in table.rows] == plain[1:]
    assert [row.number for row in table.rows] == list(range(2, len(plain) + 1))


def test_a_sample_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        sample_path("../municipalities.csv")
