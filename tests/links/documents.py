"""The GraphQL texts of the sender's side of links."""

from tests.referrals.documents import ERRORS

SEND_LINK = f"""mutation ($input: SendAnswerLinkInput!) {{ sendAnswerLink(input: $input) {{ __typename
  ... on AnswerLinkPayload {{ telephoneCode referral {{ id state version }} }} {ERRORS} }} }}"""
REVOKE_LINK = f"""mutation ($input: RevokeAnswerLinkInput!) {{ revokeAnswerLink(input: $input) {{ __typename
  ... on ReferralPayload {{ referral {{ id state }} }} {ERRORS} }} }}"""
EDIT = f"""mutation ($input: EditOrganisationInput!) {{ editOrganisation(input: $input) {{ __typename
  ... on OrganisationPayload {{ organisation {{ id version workEmail }} }} {ERRORS} }} }}"""
SETTINGS = f"""mutation ($input: ChangeSettingsInput!) {{ changeSettings(input: $input) {{ __typename
  ... on PlatformPayload {{ platform {{ version answerLinkHours answerLinkCode }} }} {ERRORS} }} }}"""
ACCESS_LOG = """query ($id: ID!) { referral(id: $id) { accessLog { level basis byLink purposeCode
  person { name } organisation { name } } history { toState actor { name } organisation { name } } } }"""
LINKS = """query ($id: ID!) { answerLinks(referralId: $id) { nodes { state codeBy codes tries usedAt
  madeBy { name } organisation { name } referral { id } hiddenFields } totalCount } }"""
INBOX = "query { inbox { notices(first: 20) { nodes { kind about } } } }"
ANSWER_QUESTION = f"""mutation ($input: QuestionTextInput!) {{ answerQuestion(input: $input) {{ __typename
  ... on ReferralPayload {{ referral {{ id version }} }} {ERRORS} }} }}"""
