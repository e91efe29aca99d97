"""What the tests of members say: mutations by name, an organisation as each person sees it."""

from typing import Any

from tests.stage.stage import Person

ORGANISATION = """organisation { id version status name nameKana services area website workContact published
  confidentialAddress corporateNumber declineReason reviewNotes memberSince hiddenFields }"""
PERSON = "person { id version name roles status isCoordinator termFrom termUntil hiddenFields }"
MEMBER_CLASS = "memberClass { id version name kinds votes endedAt }"
PLATFORM = """platform { id version conditions acceptsApplications cardScan accessAfterEndDays
  answerWorkingDays confirmDays reviewEveryDays nextReviewOn }"""
REFUSED = """... on UserError { problem: code ja en } ... on InvalidInput { field detail }
  ... on WrongState { state } ... on StaleVersion { current }"""

INPUTS = {
    "apply": ("ApplyInput", "OrganisationPayload", ORGANISATION),
    "withdrawApplication": ("OrganisationInput", "OrganisationPayload", ORGANISATION),
    "approveMember": ("ReviewInput", "OrganisationPayload", ORGANISATION),
    "declineMember": ("DeclineInput", "OrganisationPayload", ORGANISATION),
    "suspendMember": ("OrganisationInput", "OrganisationPayload", ORGANISATION),
    "reinstateMember": ("OrganisationInput", "OrganisationPayload", ORGANISATION),
    "leave": ("OrganisationInput", "OrganisationPayload", ORGANISATION),
    "endMembership": ("OrganisationInput", "OrganisationPayload", ORGANISATION),
    "editOrganisation": ("EditOrganisationInput", "OrganisationPayload", ORGANISATION),
    "publishOrganisation": ("PublishOrganisationInput", "OrganisationPayload", ORGANISATION),
    "invitePerson": ("InviteInput", "InvitationPayload", f"code {PERSON}"),
    "acceptInvitation": ("AcceptInvitationInput", "PersonPayload", PERSON),
    "setMemberClass": ("SetMemberClassInput", "OrganisationPayload", ORGANISATION),
    "setTerm": ("SetTermInput", "PersonPayload", PERSON),
    "handOver": ("HandOverInput", "PersonPayload", PERSON),
    "setConditions": ("SetConditionsInput", "ConditionsPayload", "count"),
    "defineMemberClass": ("DefineMemberClassInput", "MemberClassPayload", MEMBER_CLASS),
    "changeMemberClass": ("ChangeMemberClassInput", "MemberClassPayload", MEMBER_CLASS),
    "endMemberClass": ("EndMemberClassInput", "MemberClassPayload", MEMBER_CLASS),
    "setRoles": ("SetRolesInput", "PersonPayload", PERSON),
    "removePerson": ("RemovePersonInput", "OrganisationPayload", ORGANISATION),
    "editProfile": ("EditProfileInput", "PersonPayload", f"{PERSON[:-1]} profile email }}"),
    "appointCoordinator": ("AppointCoordinatorInput", "PersonPayload", PERSON),
    "dismissCoordinator": ("DismissCoordinatorInput", "PersonPayload", PERSON),
    "changeSettings": ("ChangeSettingsInput", "PlatformPayload", PLATFORM),
}

MINE = f"{{ myOrganisation {{ {ORGANISATION.partition('{')[2]} me {{ id version name profile roles }} }}"
ONE = f"query ($id: ID!) {{ {ORGANISATION.replace('organisation', 'organisation(id: $id)', 1)} }}"
NAMES = "{ organisations(first: 100) { totalCount nodes { id name } } }"


def mutation(name: str) -> str:
    """The document of one mutation, with all that it may answer."""
    input_type, payload, selection = INPUTS[name]
    return f"""mutation ($input: {input_type}!) {{ {name}(input: $input) {{
      __typename ... on {payload} {{ {selection} }} {REFUSED} }} }}"""


async def does(person: Person, name: str, /, **given: Any) -> dict[str, Any]:
    """The mutation's answer, which must be its payload."""
    answer = await tries(person, name, **given)
    assert answer["__typename"] == INPUTS[name][1], answer
    return answer


async def tries(person: Person, name: str, /, **given: Any) -> dict[str, Any]:
    """The mutation's answer, payload or refusal."""
    return await person.do(mutation(name), **given)


async def own(person: Person) -> dict[str, Any]:
    """The organisation that the person acts for, as they see it."""
    organisation: dict[str, Any] = (await person.ask(MINE)).data["myOrganisation"]
    return organisation


async def names_seen(person: Person) -> set[str]:
    """The directory as the person sees it; its count is of just these."""
    listed = (await person.ask(NAMES)).data["organisations"]
    names = {each["name"] for each in listed["nodes"]}
    assert listed["totalCount"] == len(names)
    return names


async def applied(person: Person, name: str = "NPO法人みどり", **given: Any) -> dict[str, Any]:
    """An application of this person's, not yet decided."""
    said = {"kind": "NPO", "nameKana": "みどり", "applicantName": "緑川", **given}
    answer = await does(person, "apply", name=name, **said)
    organisation: dict[str, Any] = answer["organisation"]
    return organisation


async def joined(inviter: Person, newcomer: Person, *roles: str) -> str:
    """The id of the newcomer, who came into the inviter's organisation by invitation."""
    organisation = await own(inviter)
    invited = await does(
        inviter,
        "invitePerson",
        organisationId=organisation["id"],
        name=f"{newcomer.subject}さん",
        roles=list(roles),
    )
    accepted = await does(newcomer, "acceptInvitation", code=invited["code"])
    identity: str = accepted["person"]["id"]
    return identity
