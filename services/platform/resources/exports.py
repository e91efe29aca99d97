"""Services and places as a table, for members; the public's is the open-data file."""

from typing import Final

from libs.serving.exports.declared import Column, Export
from services.platform.members.words import CAPACITIES
from services.platform.resources.words import KINDS, STATES

RESOURCES: Final = Export(
    "resources",
    "サービス・場所",
    "Services and places",
    """query Resources(
  $first: Int!, $after: String, $search: String, $kind: ResourceKind, $area: String, $language: String
  $openNow: Boolean
) {
  rows: resources(
    first: $first, after: $after, search: $search, kind: $kind, area: $area, language: $language
    openNow: $openNow
  ) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id number kind state published name nameKana organisation { name } description eligibility areas fee
      languages phone email url hoursJa openNow capacity capacityAsOf verifiedOn isStale placeName
      municipalityCode postalCode address building latitude longitude access hiddenFields
    }
  }
}""",
    (
        Column("number", "番号", "Number", "number"),
        Column("name", "名称", "Name"),
        Column("nameKana", "名称(かな)", "Reading"),
        Column("kind", "種別", "Kind", words=KINDS),
        Column("organisation.name", "提供団体", "Organisation"),
        Column("description", "内容", "Description"),
        Column("eligibility", "対象", "For whom"),
        Column("areas", "対象地域", "Areas"),
        Column("fee", "費用", "Fee"),
        Column("languages", "対応言語", "Languages"),
        Column("phone", "電話番号", "Telephone"),
        Column("email", "メール", "E-mail"),
        Column("url", "URL", "URL"),
        Column("hoursJa", "利用時間", "Hours"),
        Column("capacity", "受入余力", "Capacity", words=CAPACITIES),
        Column("capacityAsOf", "受入余力の時点", "Capacity as of", "day"),
        Column("placeName", "場所の名称", "Place"),
        Column("postalCode", "郵便番号", "Postal code"),
        Column("address", "住所", "Address"),
        Column("building", "方書", "Building"),
        Column("access", "アクセス", "Access"),
        Column("verifiedOn", "確認日", "Verified on", "day"),
        Column("isStale", "要確認", "Stale", "yes"),
        Column("state", "状態", "State", words=STATES),
        Column("published", "一般公開", "Public", "yes"),
        Column("id", "ID", "ID"),
    ),
)
EXPORTS: Final = (RESOURCES,)
