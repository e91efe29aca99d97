"""The GraphQL texts that people send about cases, cards and referrals."""

ERRORS = """... on UserError { code ja en } ... on InvalidInput { field detail } ... on WrongState { state }
  ... on StaleVersion { current }"""

REFERRAL = "id version state ask hiddenFields"


def _mutation(name: str, input_type: str, payload: str, selection: str) -> str:
    return f"""mutation ($input: {input_type}!) {{ {name}(input: $input) {{ __typename
      ... on {payload} {{ {selection} }} {ERRORS} }} }}"""


def step(name: str, selection: str = REFERRAL) -> str:
    """A mutation that answers with the referral."""
    return _mutation(
        name, f"{name[0].upper()}{name[1:]}Input", "ReferralPayload", f"referral {{ {selection} }}"
    )


def of_version(name: str) -> str:
    """Likewise, where it takes nothing but the referral and its version."""
    return _mutation(name, "ReferralInput", "ReferralPayload", f"referral {{ {REFERRAL} }}")


OPEN_CASE = _mutation("openCase", "OpenCaseInput", "CasePayload", "case { id number version state }")
KEEP_CASE = _mutation("keepCase", "KeepCaseInput", "CasePayload", "case { id version }")
RECORD_CONSENT = _mutation(
    "recordConsent",
    "RecordConsentInput",
    "ConsentPayload",
    "consent { id version items recipients { name } }",
)
WITHDRAW_CONSENT = _mutation(
    "withdrawConsent", "WithdrawConsentInput", "ConsentPayload", "consent { id version withdrawnAt }"
)
CREATE = step("createReferral")
EDIT = step("editReferral")
POST = step("postToBoard")
REQUEST_BASIS = step("requestBasis")
CHOOSE = step("chooseOffer")
SEND = step("sendReferral")
ACCEPT = step("acceptReferral")
DECLINE = step("declineReferral")
START = step("startSupport")
REPORT = step("reportOutcome")
CONFIRM = step("confirmLoop")
WITHDRAW = step("withdrawReferral")
TAKE_BACK = of_version("takeBackBasis")
APPROVE = of_version("approveCard")
REFUSE = step("refuseCard")
ASK = _mutation("askQuestion", "QuestionTextInput", "ReferralPayload", f"referral {{ {REFERRAL} }}")
ANSWER = _mutation("answerQuestion", "QuestionTextInput", "ReferralPayload", f"referral {{ {REFERRAL} }}")
HOLD = step("hold")
RESUME = of_version("resume")
RETURN = step("returnReferral")
ASK_REOPEN = of_version("requestReopen")
REOPEN = of_version("reopen")
ASSIGN = step("assign")
HAND_ON = step("handOn")
ASK_TRANSFER = of_version("requestTransfer")
TRANSFER = step("acceptTransfer")
DECLINE_TRANSFER = step("declineTransfer")
WITHDRAW_TRANSFER = of_version("withdrawTransferRequest")
ASK_VOID = of_version("requestVoid")
VOID = step("markVoid")
ASSIGN_CASE = _mutation(
    "assignCase", "AssignCaseInput", "CasePayload", "case { id version caseworker { name } }"
)
CLOSE_CASE = _mutation("closeCase", "CaseInput", "CasePayload", "case { id version state closedOn }")
REOPEN_CASE = _mutation("reopenCase", "CaseInput", "CasePayload", "case { id version state closedOn }")
WITHDRAW_OFFER = _mutation("withdrawOffer", "WithdrawOfferInput", "OfferPayload", "offer { id state }")
EDIT_NOTE = _mutation("editNote", "EditNoteInput", "NotePayload", "note { id version body }")
REMOVE_NOTE = _mutation("removeNote", "RemoveNoteInput", "ReferralPayload", "referral { id notes { body } }")
CHANGE_TERMS = _mutation(
    "changeReferralTerms",
    "ChangeReferralTermsInput",
    "ReferralTermsPayload",
    "terms { version answerUrgentWorkingDays closedDays cardsNeedApproval recipientKinds }",
)
TERMS = "query { referralTerms { version answerUrgentWorkingDays closedDays hiddenFields } }"
SET_CAPACITY = _mutation(
    "setCapacity",
    "SetCapacityInput",
    "OrganisationPayload",
    "organisation { id version capacity capacityAsOf serviceAreas }",
)
UNMET = """query ($since: Date, $until: Date) {
  unmetNeeds(since: $since, until: $until) { need area month count } }"""
PAST_DUE = "query { referralsPastDue { nodes { id state } } }"
MORE = """query ($id: ID!) { referral(id: $id) { id version state pastDue dueAt
  questionOpen approvalAsked reopenAsked voidAsked holdCode reviewOn personAnswer outcomeCode
  basedOn { id } assignee { name } viewerCan
  questions { id open askedBy { name } answeredAt } offers { id version state } notes { id version body }
  history { fromState toState reasonCode organisation { name } } } }"""
NOTICES = "query { inbox { notices(first: 100) { nodes { kind } } } }"
OFFER = _mutation("offerHelp", "OfferHelpInput", "OfferPayload", "offer { id state message }")
NOTE = _mutation("writeNote", "WriteNoteInput", "NotePayload", "note { id body }")

REVEALED = """narrative constraints personName personKana birthDate address contact contactRule safetyNotes
  declineText outcomeText withdrawText holdText overrideReason
  questions { questionText answerText } accessEntry { id level basis purposeCode person { name } }"""
REVEAL = _mutation("revealReferral", "RevealReferralInput", "RevealPayload", REVEALED)
REVEAL_CASE = _mutation("revealCase", "RevealCaseInput", "RevealPayload", REVEALED)

READ = """query ($id: ID!) { referral(id: $id) { id version state mode ask urgency needCategory ageBand area
  sender { name } recipient { name } case { number } basis basisValidUntil sentAt answeredAt endedAt dueAt
  declineCode declinedBy outcomeCode confirmed withdrawCode hiddenFields
  notes { body author { name } authorOrganisation { name } } offers { id organisation { name } message state }
  history { fromState toState reasonCode actor { name } organisation { name } }
  disclosures { items basis packageHash recipients { name } }
  accessLog { level basis purposeCode person { name } organisation { name } } } }"""

BOARD = """query ($group: ID!, $first: Int, $after: String, $state: ReferralState) {
  board(workingGroupId: $group, first: $first, after: $after, state: $state) { totalCount
    nodes { id state ask urgency needCategory ageBand area sender { name } recipient { name } hiddenFields
      notes(first: 3) { body authorOrganisation { name } } }
    pageInfo { hasNextPage endCursor } } }"""

SENT = "query { referralsSent { totalCount nodes { id state } } }"
RECEIVED = "query { referralsReceived { totalCount nodes { id state } } }"
MY_CASES = "query { myCases { totalCount nodes { id number needs consents { purpose } } } }"
CASE = "query ($id: ID!) { case(id: $id) { id number caseworker { name } } }"
