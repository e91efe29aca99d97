"""Organisations of every kind apply and are admitted: invented ones in 生駒市, real facilities in 高松市."""

from rich.console import Console

from libs.japan.open_data.facilities import Facility, read_facilities
from libs.japan.open_data.samples import sample_path
from services.operator.demo.people import CAST, DemoPerson
from services.operator.demo.teller import Teller

APPLY = """mutation ($input: ApplyInput!) { apply(input: $input) {
  ... on OrganisationPayload { organisation { id version } } ... on UserError { en } } }"""
APPROVE = """mutation ($input: ReviewInput!) { approveMember(input: $input) {
  ... on OrganisationPayload { organisation { id } } ... on UserError { en } } }"""

SET_ROLES = """mutation ($input: SetRolesInput!) { setRoles(input: $input) {
  ... on PersonPayload { person { id } } ... on UserError { en } } }"""
SELF = "{ me { id version } myOrganisation { id } }"
EDIT_PROFILE = """mutation ($input: EditProfileInput!) { editProfile(input: $input) {
  ... on PersonPayload { person { id } } ... on UserError { en } } }"""
ADD_PAPER = """mutation ($input: AddPaperInput!) { addPaper(input: $input) {
  ... on ApplicationPaperPayload { paper { id } } ... on UserError { en } } }"""

RULES = "第1条 本会は、いこま傾聴の会と称する。\n第2条 本会は、話を聞くことを通じて孤立を防ぐ。"
SERVICES = {
    "hana": "福祉の総合相談、生活困窮者自立支援、訪問",
    "ines": "孤立しがちな人の居場所づくり、訪問、電話相談",
    "sato": "こども食堂、学習支援、フードパントリー",
    "kato": "高齢世帯の家電の見守り点検、異変時の連絡",
    "ueda": "地域福祉活動、ボランティアセンター、貸付相談",
    "kagawa": "買い物代行、配食と見守り",
    "amino": "各地の居場所の交流、研修の企画",
}
CIRCLE = "庭先おしゃべり会"
MAILED = ("mori", "hana", "ines")
"""They gave an address, so notices come by mail too."""
COORDINATORS = {"ikoma": "mori", "takamatsu": "oda", "zenkoku": "zen"}


async def members(teller: Teller, console: Console) -> None:
    """members"""
    for person in CAST:
        if person.subject in SERVICES:
            await _join(teller, person)
    await _facilities(teller, console)
    await _circle(teller)
    for subject in MAILED:
        version = (await teller.ask(subject, "ikoma", SELF))["me"]["version"]
        await teller.do(subject, "ikoma", EDIT_PROFILE, version=version, email=f"{subject}@example.jp")
    await _under_review(teller)


async def _under_review(teller: Teller) -> None:
    """With the rules of the club, which the coordinator finds in the queue."""
    applied = await teller.do(
        "applicant",
        "ikoma",
        APPLY,
        kind="NPO",
        name="いこま傾聴の会",
        nameKana="いこまけいちょうのかい",
        services="傾聴ボランティアの派遣",
        applicationStatement="週に一度、話を聞きに伺う活動を市全域に広げたいです。",
        applicantName="傾 きこえ",
    )
    rules = await teller.send("applicant", "ikoma", "会則.txt", RULES.encode())
    given = {"organisationId": applied["organisation"]["id"], "uploadId": rules}
    await teller.do("applicant", "ikoma", ADD_PAPER, **given, kind="ARTICLES", title="会則")


async def _join(teller: Teller, person: DemoPerson) -> None:
    assert person.tenant is not None  # noqa: S101 - SERVICES names members of platforms
    await _admit(
        teller,
        person.tenant,
        person.subject,
        {
            "kind": person.kind.upper(),
            "name": person.organisation,
            "services": SERVICES[person.subject],
            "area": "市内全域",
            "applicantName": person.name,
            "workContact": f"{person.subject}@example.jp",
            "applicationStatement": "つながりのある地域づくりに参加します。",
        },
    )
    known = await teller.ask(person.subject, person.tenant, SELF)
    await teller.do(
        person.subject,
        person.tenant,
        SET_ROLES,
        organisationId=known["myOrganisation"]["id"],
        personId=known["me"]["id"],
        roles=[role.upper() for role in person.roles],
    )


async def _circle(teller: Teller) -> None:
    """Two neighbours with one mailbox, who answer by links and never sign in again."""
    described: dict[str, object] = {
        "kind": "NPO",
        "name": CIRCLE,
        "services": "庭の手入れをしながらの話し相手",
        "area": "市内全域",
        "applicantName": "庭野 ふみ",
        "workEmail": "niwasaki@example.jp",
        "applicationStatement": "できる範囲でお手伝いします。",
    }
    await _admit(teller, "ikoma", "fumi", described)


async def _facilities(teller: Teller, console: Console) -> None:
    """Real places of the city's open data (高松市, CC BY 4.0); a row that is not understood is told."""
    taken = {person.organisation for person in CAST}
    for number, row in enumerate(read_facilities(sample_path("takamatsu_facilities.csv").read_bytes())):
        if not isinstance(row, Facility):
            console.print(f"facilities row {row.row}: {row.en}")
        elif row.name not in taken:
            taken.add(row.name)
            await _admit(teller, "takamatsu", f"facility-{number}", _described(row))
        else:
            console.print(f"facilities row {row.row}: {row.name} is a member already")


def _described(facility: Facility) -> dict[str, object]:
    government = (facility.category or "").startswith("コミュニティ")
    return {
        "kind": "GOVERNMENT" if government else "NPO",
        "name": facility.name,
        "nameKana": facility.kana or "",
        "services": facility.category,
        "area": facility.address or "",
        "workContact": facility.telephone,
        "applicantName": "窓口担当",
        "applicationStatement": "",
    }


async def _admit(teller: Teller, tenant: str, subject: str, described: dict[str, object]) -> None:
    applied = await teller.do(subject, tenant, APPLY, **described)
    organisation = applied["organisation"]
    await teller.do(
        COORDINATORS[tenant], tenant, APPROVE, id=organisation["id"], version=organisation["version"]
    )
