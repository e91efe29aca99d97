"""Organisations apply, one of them twice; their people come in by invitation and show who they are."""

from typing import Any

from tests.journey.month.town import Town, address
from tests.members.said import does, joined, names_seen, own
from tests.referrals.conftest import MINE, SET_ROLES
from tests.stage.cities import ALL_ROLES, ORGANISATIONS

CONDITIONS = ("反社会的勢力ではない", "政治活動を目的としない")
LISTED = "{ platform { version } membershipConditions { nodes { id } } }"
QUEUE = "{ applications { nodes { id version name } } }"
PEOPLE = "query ($about: String) { people(about: $about) { nodes { name profile askMe } } }"
KANA_ORDER = ["NPO法人つながる生駒", "まちの電器株式会社", "生駒市福祉総務課", "こども食堂ひだまり"]
MISSING = "活動実績がわかるものを添えて、もう一度お申し込みください。"


async def four_apply(town: Town) -> None:
    """Ines forgets what she has done so far, is told so, and applies again."""
    mori = town.person("mori")
    version = (await mori.ask(LISTED)).data["platform"]["version"]
    await does(mori, "setConditions", version=version, texts=list(CONDITIONS))
    version = (await mori.ask(LISTED)).data["platform"]["version"]
    await does(mori, "changeSettings", version=version, reviewEveryDays=1, reviewFrom="2027-06-02")
    await town.has_mail("mori")
    for subject, kind, name, kana in ORGANISATIONS["ikoma"]:
        await _applies(town, subject, kind=kind.upper(), name=name, nameKana=kana)
    await town.works()
    assert (await town.told("mori")).count("APPLICATION_RECEIVED") == 4


async def three_are_admitted(town: Town) -> None:
    waiting = (await town.person("mori").ask(QUEUE)).data["applications"]["nodes"]
    assert len(waiting) == 4
    for each in waiting:
        at: dict[str, Any] = {"id": each["id"], "version": each["version"]}
        if each["name"] == "NPO法人つながる生駒":
            await does(town.person("mori"), "declineMember", **at, reason=MISSING, code="INCOMPLETE")
        else:
            await does(town.person("mori"), "approveMember", **at)
    await town.works()
    assert (await own(town.person("ines")))["declineReason"] == MISSING
    assert "APPLICATION_DECLINED" in await town.told("ines")
    subject, kind, name, kana = ORGANISATIONS["ikoma"][0]
    again = {"kind": kind.upper(), "name": name, "nameKana": kana}
    await _applies(town, subject, **again, applicationStatement="居場所を三年続けています")
    assert name not in await names_seen(town.person("sato")), "until Mori admits it"


async def the_fourth_is_admitted_and_people_come(town: Town) -> None:
    (again,) = (await town.person("mori").ask(QUEUE)).data["applications"]["nodes"]
    await does(town.person("mori"), "approveMember", id=again["id"], version=again["version"])
    for name in ("ines", "sato", "hana", "kato"):
        mine = (await town.person(name).ask(MINE)).data
        at = {"organisationId": mine["myOrganisation"]["id"], "personId": mine["me"]["id"]}
        await town.person(name).do(SET_ROLES, **at, roles=ALL_ROLES)
        await town.has_mail(name)
    await town.works()
    assert any("承認" in body for body in town.mails(address("ines"))), "she is told by mail too"
    await joined(town.person("ines"), town.person("emi"), "CASEWORKER")
    assert len(await names_seen(town.person("kato"))) == 5
    me = (await town.person("sato").ask("{ me { version } }")).data["me"]["version"]
    await does(town.person("sato"), "editProfile", version=me, profile="畑が好きです", askMe="子どもの食事")
    (found,) = (await town.person("kato").ask(PEOPLE, about="食事")).data["people"]["nodes"]
    assert (found["name"], found["profile"]) == ("Sato", "畑が好きです")
    assert (await town.person("anyone").ask(PEOPLE, about="食事")).data["people"] in (None, {"nodes": []})


async def _applies(town: Town, subject: str, **given: Any) -> None:
    listed = (await town.person(subject).ask(LISTED)).data["membershipConditions"]["nodes"]
    applied = await does(
        town.person(subject),
        "apply",
        services="相談と居場所",
        area="市内全域",
        workContact="work@example.jp",
        applicantName=subject.capitalize(),
        applicantEmail=address(subject),
        agreedConditionIds=[each["id"] for each in listed],
        **given,
    )
    assert applied["organisation"]["status"] == "APPLIED"
