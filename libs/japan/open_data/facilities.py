"""Public facilities from open data: 推奨データセット「公共施設一覧」, its successor, Takamatsu's lists."""

from dataclasses import dataclass
from typing import Final

from libs.errors.problems import InvalidInput
from libs.japan.open_data.columns import find_columns
from libs.japan.open_data.outcomes import Note, Refused
from libs.japan.open_data.places import coordinates, telephone
from libs.japan.open_data.tables import Row, read_table
from libs.japan.text import clean

_HEADINGS: Final = {
    "name": ("名称", "施設名", "name"),
    "kana": ("名称_カナ", "施設名_カナ", "名称カナ"),
    "category": ("category_ja", "種別", "カテゴリー", "施設種別", "poiコード"),
    "address": ("住所", "所在地_連結表記", "所在地_連結標記", "所在地", "address"),
    "building": ("方書", "建物名等(方書)"),
    "telephone": ("電話番号", "telephonenumber"),
    "latitude": ("緯度", "latitude"),
    "longitude": ("経度", "longitude"),
}
_REQUIRED: Final = (("name", "address"),)
_MAX_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Facility:
    """`row` is the row of the sheet; `notes` tell what of the row was not taken."""

    name: str
    kana: str | None
    category: str | None
    address: str
    telephone: str | None
    latitude: float | None
    longitude: float | None
    row: int
    notes: tuple[Note, ...] = ()


def read_facilities(data: bytes) -> tuple[Facility | Refused, ...]:
    """One result for each row, in order. Raises `InvalidInput` for a file that is no such table."""
    table = read_table(data)
    columns = find_columns(table, _HEADINGS, _REQUIRED)
    return tuple(_facility(row, columns) for row in table.rows)


def _facility(row: Row, columns: dict[str, str]) -> Facility | Refused:
    if row.surplus:
        return _too_many_cells(row.number)
    try:
        cells = {item: clean(row.cell(name), item, _MAX_LENGTH) for item, name in columns.items()}
    except InvalidInput as problem:
        return Refused(row.number, problem.detail or problem.code, problem.ja, problem.en)
    if not cells["name"]:
        return _missing(row.number, "name", "名称", "name")
    if not cells["address"]:
        return _missing(row.number, "address", "住所", "address")
    return _built(row.number, cells)


def _built(row: int, cells: dict[str, str]) -> Facility:
    notes: list[Note] = []
    point = coordinates(cells.get("latitude", ""), cells.get("longitude", ""), notes)
    number = telephone(cells.get("telephone", ""), notes)
    return Facility(
        name=cells["name"],
        kana=cells.get("kana") or None,
        category=cells.get("category") or None,
        address=" ".join(filter(None, (cells["address"], cells.get("building")))),
        telephone=number,
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        row=row,
        notes=tuple(notes),
    )


def _missing(row: int, item: str, ja: str, en: str) -> Refused:
    return Refused(
        row,
        f"{item}_missing",
        f"{ja}がありません。入力してからもう一度取り込んでください。",
        f"The {en} is missing. Fill it in and import again.",
    )


def _too_many_cells(row: int) -> Refused:
    return Refused(
        row,
        "too_many_cells",
        "見出しより多くの値があります。列のずれがないかご確認ください。",
        "The row has more cells than headings. Check whether its columns have shifted.",
    )
