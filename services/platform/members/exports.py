"""Members and their people as tables. A confidential address is in no file."""

from typing import Final

from libs.serving.exports.declared import Column, Export
from services.platform.members import words

MEMBERS: Final = Export(
    "members",
    "会員団体",
    "Members",
    """query Members(
  $first: Int!, $after: String, $search: String, $kind: OrganisationKind, $status: OrganisationStatus
) {
  rows: organisations(first: $first, after: $after, search: $search, kind: $kind, status: $status) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name nameKana kind status fieldsOfWork services area serviceAreas capacity capacityAsOf
      corporateNumber website workContact workEmail memberClass { name } memberSince published hiddenFields
    }
  }
}""",
    (
        Column("name", "団体名", "Name"),
        Column("nameKana", "団体名(かな)", "Reading"),
        Column("kind", "種別", "Kind", words=words.KINDS),
        Column("status", "会員資格", "Status", words=words.STATUSES),
        Column("memberClass.name", "会員区分", "Class"),
        Column("fieldsOfWork", "活動分野", "Fields of work"),
        Column("services", "活動・支援の内容", "Services"),
        Column("area", "活動地域", "Area"),
        Column("serviceAreas", "活動地域(コード)", "Area codes"),
        Column("capacity", "受入余力", "Capacity", words=words.CAPACITIES),
        Column("capacityAsOf", "受入余力の時点", "Capacity as of", "day"),
        Column("corporateNumber", "法人番号", "Corporate number"),
        Column("website", "ウェブサイト", "Website"),
        Column("workContact", "業務連絡先", "Work contact"),
        Column("workEmail", "業務用メール", "Work e-mail"),
        Column("memberSince", "入会日時", "Member since", "moment"),
        Column("published", "一般公開", "Public", "yes"),
        Column("id", "ID", "ID"),
    ),
)
PEOPLE: Final = Export(
    "people",
    "会員団体の人",
    "People",
    """query People($first: Int!, $after: String, $search: String, $about: String) {
  rows: people(first: $first, after: $after, search: $search, about: $about) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name nameKana organisation { name } isCoordinator roles termUntil status email profile interests
      askMe hiddenFields
    }
  }
}""",
    (
        Column("name", "氏名", "Name"),
        Column("nameKana", "氏名(かな)", "Reading"),
        Column("organisation.name", "団体名", "Organisation"),
        Column("isCoordinator", "事務局担当", "Coordinator", "yes"),
        Column("roles", "役割", "Roles", words=words.ROLES),
        Column("termUntil", "任期の末日", "Term until", "day"),
        Column("status", "在籍", "Standing", words=words.STANDINGS),
        Column("email", "メール", "E-mail"),
        Column("profile", "人となり", "Profile"),
        Column("interests", "好きなこと", "Likes"),
        Column("askMe", "聞いてほしいこと", "Ask me about"),
        Column("id", "ID", "ID"),
    ),
)
EXPORTS: Final = (MEMBERS, PEOPLE)
