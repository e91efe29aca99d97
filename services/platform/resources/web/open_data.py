"""The public services and places in the 24 columns of 推奨データセット「公共施設一覧」.

Its common rules: 団体コード and a NO of ten digits that is never another's; katakana for readings; one
telephone number a cell; times HH:MM. UTF-8 with its mark; `?encoding=cp932` for what still expects that.
"""

import codecs
import csv
import io
from typing import Final

from libs.errors.problems import Problem
from libs.japan import municipalities
from libs.japan.opening_hours import WEEKDAYS
from libs.japan.text import katakana
from libs.serving.asgi import Scope
from libs.serving.exports.writing import cp932, safe
from libs.serving.responses import Page, Response
from libs.serving.service import GraphQLService
from services.platform.members.words import CAPACITIES
from services.platform.resources.web import portal
from services.platform.resources.web.portal import Node
from services.platform.resources.words import KINDS

HEADER: Final = (
    *("都道府県コード又は市区町村コード", "NO", "都道府県名", "市区町村名", "名称", "名称_カナ", "名称_通称"),
    *("POIコード", "住所", "方書", "緯度", "経度", "電話番号", "内線番号", "法人番号", "団体名"),
    *(
        "利用可能曜日",
        "開始時間",
        "終了時間",
        "利用可能日時特記事項",
        "説明",
        "バリアフリー情報",
        "URL",
        "備考",
    ),
)
_DAYS: Final = dict(zip(WEEKDAYS, "月火水木金土日", strict=True))


def csv_page(service: GraphQLService) -> Page:
    """GET /t/{tenant}/resources.csv."""

    async def read(scope: Scope) -> Response:
        try:
            rows = await _rows(service, portal.tenant_of(scope))
        except Problem as problem:
            return portal.refused(problem)
        text = io.StringIO(newline="")
        csv.writer(text).writerows([HEADER, *rows])
        if b"encoding=cp932" in scope["query_string"]:
            return _file(b"text/csv; charset=windows-31j", cp932(text.getvalue())[0])
        return _file(b"text/csv; charset=utf-8", codecs.BOM_UTF8 + text.getvalue().encode())

    return read


async def _rows(service: GraphQLService, tenant: str) -> list[list[str]]:
    nodes: list[Node] = []
    after: str | None = None
    while True:
        answer = await portal.page(service, tenant, first=portal.PAGE, after=after)
        nodes += answer["resources"]["nodes"]
        page = answer["resources"]["pageInfo"]
        if not page["hasNextPage"] or len(nodes) >= portal.MOST:
            break
        after = page["endCursor"]
    nodes.sort(key=lambda node: node["number"])
    return [[safe(cell) for cell in _row(answer["platform"], node)] for node in nodes]


def _row(platform: Node, node: Node) -> list[str]:
    code = (platform["municipalityCodes"] or [""])[0]
    publisher = municipalities.find(code) if code else None
    days, opens, closes = _hours(node)
    return [
        code,
        f"{node['number']:010}",
        publisher.prefecture if publisher else "",
        publisher.name if publisher else "",
        node["name"],
        katakana(node["nameKana"]),
        "",
        "",
        node["address"] or "",
        node["building"] or "",
        _degrees(node["latitude"]),
        _degrees(node["longitude"]),
        node["phone"] or "",
        "",
        "",
        node["organisation"]["name"] if node["organisation"] else "",
        days,
        opens,
        closes,
        node["hoursJa"],
        node["description"],
        "",
        node["url"] or "",
        _remarks(node),
    ]


def _hours(node: Node) -> tuple[str, str, str]:
    """The weekdays, and the times where all of them share them; what else there is stands in words."""
    hours: dict[str, list[dict[str, str]]] = node["hours"] or {}
    rules = hours.get("rules", [])
    weekly = [rule for rule in rules if rule["rrule"].startswith("FREQ=WEEKLY")]
    clocks = {(rule["opens"].zfill(5), rule["closes"].zfill(5)) for rule in rules}
    days = "".join(name for day, name in _DAYS.items() if any(day in rule["rrule"] for rule in weekly))
    opens, closes = clocks.pop() if len(clocks) == 1 else ("", "")
    return days, opens, closes


def _remarks(node: Node) -> str:
    said = [KINDS[node["kind"].lower()][0]]
    said += [f"対象: {node['eligibility']}"] if node["eligibility"] else []
    said += [f"費用: {node['fee']}"] if node["fee"] else []
    if node["capacity"]:
        said.append(f"受入余力: {CAPACITIES[node['capacity'].lower()][0]}({node['capacityAsOf']}時点)")
    said += ["所在地は非公開"] if "address" in node["hiddenFields"] else []
    return "。".join(said)


def _degrees(value: float | None) -> str:
    return "" if value is None else str(value)


def _file(media: bytes, body: bytes) -> Response:
    headers = ((b"content-disposition", b'attachment; filename="resources.csv"'),)
    return Response(200, media, body, headers, portal.CACHING)
