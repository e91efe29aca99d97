"""The GraphQL texts of the desk and the coordinator."""

ERRORS = """... on UserError { code ja en } ... on InvalidInput { field detail } ... on WrongState { state }
  ... on StaleVersion { current }"""
CARD = "id version about state createdAt readAt answeredAt erasedAt viewerCan organisation { name }"


def _mutation(name: str, payload: str, selection: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation ($input: {kind}!) {{ {name}(input: $input) {{ __typename
      ... on {payload} {{ {selection} }} {ERRORS} }} }}"""


PAGE = "version helpDesk { name } helpIntroduction helpLines helpKeepDays helpMostSent viewerCan"
PLATFORM = f"query {{ platform {{ {PAGE} }} }}"
KEEP_PAGE = _mutation("keepHelpPage", "PlatformPayload", f"platform {{ {PAGE} }}")
REVEAL = _mutation(
    "revealRequest",
    "RequestRevealPayload",
    f"texts {{ author part text at }} helpRequest {{ {CARD} }}",
)
ANSWER = _mutation("answerRequest", "HelpRequestPayload", f"helpRequest {{ {CARD} }}")
TAKE = _mutation("takeRequest", "CasePayload", "case { id number version needs kind state }")
REQUESTS = f"""query ($state: RequestState) {{ helpRequests(state: $state) {{ totalCount
  nodes {{ {CARD} }} }} }}"""
REQUEST = f"query ($id: ID!) {{ helpRequest(id: $id) {{ {CARD} }} }}"
INBOX = "query { inbox { notices(first: 50) { nodes { kind about } } } }"
