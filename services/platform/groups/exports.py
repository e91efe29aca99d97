"""Working groups and their seats as tables."""

from typing import Final

from libs.serving.exports.declared import Column, Export

_STATES: Final = {"active": ("活動中", "active"), "closed": ("終了", "closed")}
WORKING_GROUPS: Final = Export(
    "working-groups",
    "部会",
    "Working groups",
    """query WorkingGroups($first: Int!, $after: String, $search: String, $state: GroupState) {
  rows: workingGroups(first: $first, after: $after, search: $search, state: $state) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name purpose state chair { name } seats(first: 0) { totalCount }
      published boardOpenToCompanies createdAt hiddenFields
    }
  }
}""",
    (
        Column("name", "部会名", "Name"),
        Column("purpose", "目的", "Purpose"),
        Column("state", "状態", "State", words=_STATES),
        Column("chair.name", "部会長の団体", "Chair"),
        Column("seats.totalCount", "席の数", "Seats", "number"),
        Column("published", "一般公開", "Public", "yes"),
        Column("boardOpenToCompanies", "掲示板を企業に公開", "Board open to companies", "yes"),
        Column("createdAt", "設置日時", "Created", "moment"),
        Column("id", "ID", "ID"),
    ),
)
SEATS: Final = Export(
    "seats",
    "部会の席",
    "Seats",
    """query Seats($first: Int!, $after: String, $workingGroup: ID) {
  rows: seats(first: $first, after: $after, workingGroup: $workingGroup) {
    pageInfo { hasNextPage endCursor }
    nodes { id workingGroup { name } organisation { name } isChair fromOn untilOn hiddenFields }
  }
}""",
    (
        Column("workingGroup.name", "部会名", "Working group"),
        Column("organisation.name", "団体名", "Organisation"),
        Column("isChair", "部会長", "Chair", "yes"),
        Column("fromOn", "最初の日", "From", "day"),
        Column("untilOn", "席のなくなる日", "Until (excluded)", "day"),
        Column("id", "ID", "ID"),
    ),
)
EXPORTS: Final = (WORKING_GROUPS, SEATS)
