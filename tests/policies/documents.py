"""The GraphQL texts that a coordinator sends about the policy."""

ERRORS = """... on UserError { code ja en } ... on InvalidInput { field detail } ... on WrongState { state }
  ... on StaleVersion { current }"""


def _of_draft(name: str) -> str:
    return f"""mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ __typename
      ... on PolicyDraftPayload {{ policyDraft {{ {DRAFT_FIELDS} }} }} {ERRORS} }} }}"""


def _of_edition(name: str) -> str:
    return f"""mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ __typename
      ... on PolicyEditionPayload {{ policyEdition {{ {EDITION_FIELDS} }} }} {ERRORS} }} }}"""


DRAFT_FIELDS = "id version overrides changesJa changesEn updatedBy { name } hiddenFields"
EDITION_FIELDS = """id version overrides contentHash changesJa changesEn note author { name } at revertedTo
  hiddenFields"""
TIGHTEN = _of_draft("tightenPolicy")
WIDEN = _of_draft("widenPolicy")
TAKE_BACK = _of_draft("takeBackPolicyChange")
DISCARD = _of_draft("discardPolicyDraft")
PUBLISH = _of_edition("publishPolicy")
REVERT = _of_edition("revertPolicy")
DRAFT = f"{{ policyDraft {{ {DRAFT_FIELDS} }} }}"
HISTORY = f"{{ policyHistory {{ totalCount nodes {{ {EDITION_FIELDS} }} }} }}"
TABLE = """{ accessTable { version contentHash text csv
  rows { object name act kind labelJa labelEn cellJa cellEn } } }"""
PREVIEW = f"""mutation ($input: PreviewPolicyInput!) {{ previewPolicy(input: $input) {{ __typename
  ... on PolicyPreviewPayload {{ complete policyDraft {{ version changesEn }} effects {{ organisationId
    organisationName kind roles name act fields labelJa labelEn gainedRows lostRows }} }} {ERRORS} }} }}"""
