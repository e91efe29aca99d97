"""The pages' documents, in the words of each side's schema."""

from typing import Final

_CARD: Final = "id state ask urgency needCategory ageBand area postedAt"
_CARD_ROW: Final = f"id: rowId {_CARD.removeprefix('id ')}"
_ORGANISATION: Final = "{ id name kind }"
_ORGANISATION_ROW: Final = "{ id: rowId name kind }"
_ENDS: Final = f"sender {_ORGANISATION} recipient {_ORGANISATION}"
_ENDS_ROW: Final = f"""sender: organisationByTenantIdAndSenderId {_ORGANISATION_ROW}
  recipient: organisationByTenantIdAndRecipientId {_ORGANISATION_ROW}"""
_NOTES_ROW: Final = """notes: cardNotesByTenantIdAndReferralId(first: 3, orderBy: [PRIMARY_KEY_DESC]) {
    nodes { id: rowId body createdAt author: personByTenantIdAndAuthorId { id: rowId name } } }"""

OURS: Final = {
    "board": f"""query Board($group: ID!) {{ board(workingGroupId: $group, first: 20) {{ nodes {{
  {_CARD} {_ENDS} notes(first: 3) {{ id body createdAt author {{ id name }} }} }} }} }}""",
    "referral": f"query Referral($id: ID!) {{ referral(id: $id) {{ {_CARD} {_ENDS} }} }}",
    "directory": """query Directory { organisations(first: 50) {
  nodes { id name nameKana kind services area } totalCount pageInfo { hasNextPage } } }""",
}
POSTGRAPHILE: Final = {
    "board": f"""query Board($group: UUID!) {{ board: allReferrals(
    condition: {{ workingGroupId: $group, onBoard: true }}, orderBy: [PRIMARY_KEY_DESC], first: 20
  ) {{ nodes {{ {_CARD_ROW} {_ENDS_ROW} {_NOTES_ROW} }} }} }}""",
    "referral": f"""query Referral($tenant: UUID!, $id: UUID!) {{
  referral: referralByTenantIdAndRowId(tenantId: $tenant, rowId: $id) {{ {_CARD_ROW} {_ENDS_ROW} }} }}""",
    "directory": """query Directory { organisations: allOrganisations(orderBy: [SORT_KEY_ASC], first: 50) {
  nodes { id: rowId name nameKana kind services area } totalCount pageInfo { hasNextPage } } }""",
    "groups": """query Groups($organisation: UUID!) {
  seats: allSeats(condition: { organisationId: $organisation, heldToday: true }, first: 20) { nodes {
    workingGroup: workingGroupByTenantIdAndWorkingGroupId { id: rowId name purpose
      events: eventsByTenantIdAndWorkingGroupId(
        condition: { upcoming: true }, orderBy: [STARTS_AT_ASC], first: 1
      ) { nodes { id: rowId title venue startsAt } } } } } }""",
}
USUAL_PYTHON: Final = {
    "board": f"""query Board($group: UUID!) {{ board(group: $group, first: 20) {{
  {_CARD} {_ENDS} notes {{ id body createdAt author {{ id name }} }} }} }}""",
    "referral": f"query Referral($id: UUID!) {{ referral(id: $id) {{ {_CARD} {_ENDS} }} }}",
    "directory": """query Directory { organisations(first: 50) {
  nodes { id name nameKana kind services area } totalCount pageInfo { hasNextPage } } }""",
    "groups": """query Groups($organisation: UUID!) { myGroups(organisation: $organisation) {
  id name purpose nextEvent { id title venue startsAt } } }""",
}


def groups_with_next_event(groups: int) -> str:
    """Ours: one's groups, and beside them the next event of each that is known."""
    given = ", ".join(f"$g{place}: ID!" for place in range(groups))
    events = " ".join(
        f"e{place}: events(workingGroup: $g{place}, when: UPCOMING, first: 1)"
        " { nodes { id title venue startsAt workingGroup { id } } }"
        for place in range(groups)
    )
    return f"query Groups({given}) {{ myWorkingGroups {{ nodes {{ id name purpose }} }} {events} }}"
