"""Two cities and the people in them, made once a run through the product's own doors.

生駒市: Mori coordinates; Ines and Sato act for an NPO each, Hana for a city department, Kato for a company.
高松市: Oda coordinates; Ueda acts for an NPO. A stranger has an account and belongs nowhere.
"""

from dataclasses import dataclass

from libs.tenancy.onboarding import Coordinator, NewTenant, onboard
from tests.stage.stage import Person, Stage
from tests.stage.tokens import ISSUER

APPLY = """mutation ($input: ApplyInput!) { apply(input: $input) {
  __typename ... on OrganisationPayload { organisation { id version } } ... on UserError { en } } }"""
APPROVE = """mutation ($input: ReviewInput!) { approveMember(input: $input) {
  __typename ... on OrganisationPayload { organisation { id status } } ... on UserError { en } } }"""
INVITE = """mutation ($input: InviteInput!) { invitePerson(input: $input) {
  __typename ... on InvitationPayload { code person { id } } ... on UserError { en } } }"""
ACCEPT = """mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  __typename ... on PersonPayload { person { id } } ... on UserError { en } } }"""

ORGANISATIONS = {
    "ikoma": (
        ("ines", "npo", "NPO法人つながる生駒", "つながるいこま"),
        ("sato", "npo", "こども食堂ひだまり", "こどもしょくどうひだまり"),
        ("hana", "government", "生駒市福祉総務課", "いこましふくしそうむか"),
        ("kato", "company", "まちの電器株式会社", "まちのでんき"),
    ),
    "takamatsu": (("ueda", "npo", "NPO法人たかまつの灯", "たかまつのひ"),),
}
COORDINATORS = {"ikoma": ("mori", "292095"), "takamatsu": ("oda", "372013")}
ALL_ROLES = ["REPRESENTATIVE", "DESK", "CASEWORKER"]


@dataclass
class Cities:
    """The stage with its people by name."""

    stage: Stage

    def __getattr__(self, name: str) -> Person:
        return self.person(name)

    def person(self, name: str) -> Person:
        """Somebody by name, in their city; 'stranger' has an account only, 'anyone' not even that."""
        if name == "anyone":
            return self.stage.person(None, "ikoma")
        return self.stage.person(name, _city_of(name))


def _city_of(name: str) -> str:
    for city, members in ORGANISATIONS.items():
        if name == COORDINATORS[city][0] or any(name == subject for subject, *_ in members):
            return city
    return "ikoma"


async def found_cities(stage: Stage) -> None:
    """Onboards both cities; every organisation applies and is admitted, every desk is filled."""
    for slug, (coordinator, code) in COORDINATORS.items():
        async with stage.onboarding() as database:
            new = NewTenant([code], slug, Coordinator(coordinator.capitalize(), ISSUER, coordinator))
            await onboard(database, new)
        for subject, kind, name, kana in ORGANISATIONS[slug]:
            await _admit(stage, slug, coordinator, (subject, kind, name, kana))
    async with stage.sql() as sql:  # a test's inbox and due work begin with what the test does
        await sql.execute("DELETE FROM tsunagari.work_due WHERE due_at <= $1", stage.clock())


async def _admit(stage: Stage, slug: str, coordinator: str, member: tuple[str, str, str, str]) -> None:
    subject, kind, name, kana = member
    applied = await stage.person(subject, slug).do(
        APPLY,
        kind=kind.upper(),
        name=name,
        nameKana=kana,
        services="相談と居場所",
        area="市内全域",
        workContact="work@example.jp",
        applicationStatement="地域のつながりを広げたい",
        applicantName=subject.capitalize(),
    )
    organisation = applied["organisation"]
    approved = await stage.person(coordinator, slug).do(
        APPROVE, id=organisation["id"], version=organisation["version"]
    )
    assert approved["organisation"]["status"] == "ACTIVE", approved
