"""What each kind of person finds of a case, a card and a directed referral; what is withheld is named."""

from typing import Any

from tests.referrals import documents as said
from tests.referrals.conftest import ASK, NAME, NARRATIVE, SECRETS, Loop

L1_NEED = {"needCategory", "ageBand", "area", "notes"}
OPEN_BOARD = """mutation ($input: OpenBoardInput!) { openBoard(input: $input) { __typename
  ... on UserError { en } } }"""


async def board(loop: Loop, name: str) -> list[dict[str, Any]]:
    found = (await loop.person(name).ask(said.BOARD, group=loop.group)).data["board"]
    assert found["totalCount"] == len(found["nodes"])
    return found["nodes"]


async def test_a_card_as_each_kind_reads_it(loop: Loop) -> None:
    card = await loop.card(await loop.case(), area="北部", ageBand="SENIOR")
    await loop.person("ines").do(said.NOTE, id=card["id"], body="火曜がよいそうです")

    for name in ("ines", "sato", "hana"):
        (seen,) = await board(loop, name)
        assert (seen["ask"], seen["needCategory"], seen["area"]) == (ASK, "BELONGING", "北部")
        assert seen["sender"] == {"name": "NPO法人つながる生駒"}
        assert [note["body"] for note in seen["notes"]] == ["火曜がよいそうです"]
    (seen,) = await board(loop, "mori")
    assert (seen["ask"], seen["needCategory"]) == (ASK, "BELONGING")

    assert await board(loop, "kato") == []
    assert await loop.read("kato", card["id"]) is None
    assert "REFERRAL_POSTED" in await loop.told("sato")
    assert await loop.told("kato") == []
    assert await board(loop, "ueda") == []
    assert await board(loop, "stranger") == []


async def test_a_company_reads_the_ask_alone_where_the_board_is_open_to_it(loop: Loop) -> None:
    card = await loop.card(await loop.case(), area="北部", ageBand="SENIOR")
    await loop.person("ines").do(said.NOTE, id=card["id"], body="火曜がよいそうです")
    group = (
        await loop.person("mori").ask("query ($id: ID!) { workingGroup(id: $id) { version } }", id=loop.group)
    ).data["workingGroup"]
    await loop.person("mori").do(OPEN_BOARD, id=loop.group, version=group["version"], toCompanies=True)

    await loop.card(await loop.case(), ask="荷物を運ぶ車を探しています。")
    assert await loop.told("kato") == ["REFERRAL_POSTED"]

    _, seen = await board(loop, "kato")
    assert (seen["ask"], seen["urgency"], seen["state"]) == (ASK, "NORMAL", "POSTED")
    assert (seen["needCategory"], seen["ageBand"], seen["area"]) == (None, None, None)
    assert (seen["sender"], seen["notes"]) == (None, None)
    hidden: list[str] = seen["hiddenFields"]
    assert L1_NEED | {"sender", "recipient", "sentAt", "case"} <= set(hidden)
    assert not {"ask", "urgency", "state"} & set(hidden)
    assert (await loop.person("kato").do(said.OFFER, id=card["id"]))["__typename"] == "OfferPayload"
    sees_no_note = await loop.person("kato").do(said.NOTE, id=card["id"], body="見えますか")
    assert sees_no_note["__typename"] == "NotAllowed"


async def test_only_the_sender_and_who_offered_see_an_offer(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    await loop.offer("sato", card["id"])
    assert (await loop.person("ines").do(said.OFFER, id=card["id"]))["__typename"] == "NotAllowed"
    offers = {name: (await loop.read(name, card["id"]) or {})["offers"] for name in ("ines", "sato", "hana")}
    assert len(offers["ines"]) == len(offers["sato"]) == 1
    assert offers["hana"] == []


async def test_a_directed_referral_is_there_for_its_ends_and_the_coordinator_alone(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    assert (await loop.read("sato", taken["id"]) or {})["ask"] == ASK
    assert (await loop.read("mori", taken["id"]) or {})["ask"] == ASK
    for name in ("hana", "kato", "ueda", "stranger", "anyone"):
        assert await loop.read(name, taken["id"]) is None
    received = (await loop.person("sato").ask(said.RECEIVED)).data["referralsReceived"]
    assert [each["id"] for each in received["nodes"]] == [taken["id"]]
    assert (await loop.person("hana").ask(said.RECEIVED)).data["referralsReceived"]["totalCount"] == 0
    sent = (await loop.person("ines").ask(said.SENT)).data["referralsSent"]
    assert [each["id"] for each in sent["nodes"]] == [taken["id"]]


async def test_a_recipient_finds_nothing_before_it_is_asked(loop: Loop) -> None:
    case = await loop.case()
    draft = await loop.draft(case)
    asked = await loop.step(
        "ines",
        said.REQUEST_BASIS,
        id=draft["id"],
        version=draft["version"],
        recipientId=loop.organisations["sato"],
    )
    assert await loop.read("sato", draft["id"]) is None
    early = await loop.person("sato").do(said.ACCEPT, id=draft["id"], version=asked["version"])
    assert early["__typename"] == "NotFound"
    consent = await loop.consent(case, "sato")
    await loop.step("ines", said.SEND, id=draft["id"], version=asked["version"], consentId=consent["id"])
    assert (await loop.read("sato", draft["id"]) or {})["state"] == "SENT"


async def test_the_coordinator_runs_the_platform_and_opens_no_story(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    for level in ("L2", "L3", "L4", "TEXTS"):
        assert (await loop.reveal("mori", taken["id"], level))["__typename"] == "NotAllowed"
    assert (await loop.reveal("sato", taken["id"], "L2"))["narrative"] == NARRATIVE
    log = (await loop.read("mori", taken["id"]) or {})["accessLog"]
    assert [(each["level"], each["purposeCode"]) for each in log] == [("L2", "SUPPORT")]
    refused = await loop.person("mori").do(said.ACCEPT, id=taken["id"], version=taken["version"])
    assert refused["__typename"] == "NotAllowed"


async def test_reveals_of_a_hidden_and_of_an_absent_referral_are_one_answer(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    absent = "referral_01890000-0000-7000-8000-000000000000"
    for name in ("hana", "kato", "ueda", "stranger"):
        hidden = await loop.reveal(name, taken["id"], "L3")
        assert hidden["__typename"] == "NotFound"
        assert hidden == await loop.reveal(name, absent, "L3")
    assert (await loop.reveal("sato", taken["id"], "L3"))["personName"] == NAME


async def test_a_case_is_its_organisations_alone(loop: Loop) -> None:
    case = await loop.case()
    assert (await loop.person("ines").ask(said.CASE, id=case)).data["case"]["caseworker"] == {"name": "Ines"}
    mine = (await loop.person("ines").ask(said.MY_CASES)).data["myCases"]
    assert [each["id"] for each in mine["nodes"]] == [case]
    assert mine["nodes"][0]["needs"] == ["BELONGING"]
    opened = await loop.person("ines").do(
        said.REVEAL_CASE, id=case, level="L3", purpose={"code": "CONTACT", "text": "訪問の前に"}
    )
    assert opened["personName"] == NAME
    for name in ("sato", "hana", "kato", "mori", "ueda", "stranger", "anyone"):
        assert (await loop.person(name).ask(said.CASE, id=case)).data["case"] is None
    for name in ("sato", "hana", "mori", "ueda"):
        assert (await loop.person(name).ask(said.MY_CASES)).data["myCases"]["totalCount"] == 0
        closed = await loop.person(name).do(
            said.REVEAL_CASE, id=case, level="L3", purpose={"code": "CONTACT"}
        )
        assert closed["__typename"] == "NotFound"


async def test_only_a_caseworker_keeps_cases_and_never_a_companys(loop: Loop) -> None:
    case: dict[str, Any] = {"kind": "PERSON", "person": {"narrative": "…"}}
    assert (await loop.person("kato").do(said.OPEN_CASE, **case))["__typename"] == "NotAllowed"
    assert (await loop.person("mori").do(said.OPEN_CASE, **case))["__typename"] == "NotAllowed"
    assert (await loop.person("hana").do(said.OPEN_CASE, **case))["__typename"] == "CasePayload"


async def test_nothing_secret_is_a_field_of_what_is_read(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    for name in ("ines", "sato", "mori"):
        read = str(await loop.read(name, taken["id"]))
        assert not [secret for secret in SECRETS if secret in read]
