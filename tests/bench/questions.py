"""What is asked: the same content in the words of each side's schema."""

from dataclasses import dataclass
from typing import Any, Final

_PARTNER: Final = "{ id: rowId name kind }"
_KINDRED: Final = "{ id name kind }"


@dataclass(frozen=True, slots=True)
class Question:
    """`documents` and `variables` by side: schemas and ids look different."""

    name: str
    documents: dict[str, str]
    variables: dict[str, dict[str, Any]]

    def body(self, side: str) -> dict[str, Any]:
        return {"query": self.documents[side], "variables": self.variables[side]}


BOARD_OURS: Final = f"""query Board($group: ID!) {{ board(workingGroupId: $group, first: 20) {{ nodes {{
  id state ask urgency needCategory ageBand area postedAt
  sender {_KINDRED} recipient {_KINDRED}
  notes(first: 3) {{ id body createdAt author {{ id name }} }} }} }} }}"""
BOARD_POSTGRAPHILE: Final = f"""query Board($group: UUID!) {{
  board: allReferrals(
    condition: {{ workingGroupId: $group, onBoard: true }}, orderBy: [PRIMARY_KEY_DESC], first: 20
  ) {{ nodes {{ id: rowId state ask urgency needCategory ageBand area postedAt
  sender: organisationByTenantIdAndSenderId {_PARTNER}
  recipient: organisationByTenantIdAndRecipientId {_PARTNER}
  notes: cardNotesByTenantIdAndReferralId(first: 3, orderBy: [PRIMARY_KEY_DESC]) {{ nodes {{
    id: rowId body createdAt author: personByTenantIdAndAuthorId {{ id: rowId name }} }} }} }} }} }}"""


def board(group: str) -> Question:
    """20 cards of a working group's board, newest first, with both organisations and the newest notes."""
    return Question(
        "board_page",
        {"ours": BOARD_OURS, "postgraphile": BOARD_POSTGRAPHILE, "usual_python": BOARD_OURS},
        {
            "ours": {"group": f"working_group_{group}"},
            "postgraphile": {"group": group},
            "usual_python": {"group": group},
        },
    )
