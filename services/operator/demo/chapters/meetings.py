"""A charter, a meeting that was held and one to come, papers, and what is offered to all platforms."""

from datetime import timedelta

from rich.console import Console

from services.operator.demo.chapters.groups import GROUPS, OWN, group_named
from services.operator.demo.teller import Teller

ADOPT = """mutation ($input: AdoptCharterInput!) { adoptCharter(input: $input) {
  ... on CharterPayload { charter { id } } ... on UserError { en } } }"""
MEETING = "meeting { id version }"
CALL = f"""mutation ($input: CallMeetingInput!) {{ callMeeting(input: $input) {{
  ... on MeetingPayload {{ {MEETING} }} ... on UserError {{ en }} }} }}"""
ATTACH = """mutation ($input: AttachPaperInput!) { attachAgenda(input: $input) {
  ... on PaperPayload { file { id } } ... on UserError { en } } }"""
ANSWER = f"""mutation ($input: AnswerMeetingInput!) {{ answerMeeting(input: $input) {{
  ... on MeetingPayload {{ {MEETING} }} ... on UserError {{ en }} }} }}"""
HOLD = f"""mutation ($input: MeetingInput!) {{ holdMeeting(input: $input) {{
  ... on MeetingPayload {{ {MEETING} }} ... on UserError {{ en }} }} }}"""
DECIDE = """mutation ($input: RecordDecisionInput!) { recordDecision(input: $input) {
  ... on DecisionPayload { decision { id version } } ... on UserError { en } } }"""
WRITE = """mutation ($input: WriteMinutesInput!) { writeMinutes(input: $input) {
  ... on MinutesPayload { minutes { id version } } ... on UserError { en } } }"""
AGREE = """mutation ($input: MinutesInput!) { agreeMinutes(input: $input) {
  ... on MinutesPayload { minutes { id version } } ... on UserError { en } } }"""
PUBLISH = """mutation ($input: MinutesInput!) { publishMinutes(input: $input) {
  ... on MinutesPayload { minutes { id version } } ... on UserError { en } } }"""
OFFER = """mutation ($input: OfferPracticeInput!) { offerPractice(input: $input) {
  ... on PracticePayload { practice { id } } ... on UserError { en } } }"""

CITY = "ikoma"
CHARTER = "第1条 この分科会は、居場所と訪問を広げることを目的とする。\n第2条 議決は出席した席の過半数による。"
AGENDA = "1 開会\n2 居場所の開設時間\n3 訪問の分担\n4 その他"
PAPER = "居場所,曜日,時間\nまちのえき,月・水,10:00-15:00\nひだまり,土,11:00-14:00\n"


async def meetings(teller: Teller, _: Console) -> None:
    """meetings of working groups"""
    group = await group_named(teller, "ines", CITY, GROUPS[0][2])
    charter = {"workingGroupId": group, "body": CHARTER, "quorum": "MAJORITY"}
    await teller.do("ines", CITY, ADOPT, **charter)
    held = await _called(teller, group, "第1回 居場所と訪問の分科会", timedelta(minutes=1))
    for who in ("ines", "sato", "hana"):
        await teller.do(who, CITY, ANSWER, id=held, comes=True)
    await teller.do("kato", CITY, ANSWER, id=held, comes=False)
    teller.clock.passes(minutes=2)
    await teller.do("ines", CITY, HOLD, id=held, version=1)
    await _recorded(teller, held)
    coming = await _called(teller, group, "第2回 居場所と訪問の分科会", timedelta(days=75))
    paper = await teller.send("ines", CITY, "居場所の開設時間.csv", PAPER.encode())
    await teller.do("ines", CITY, ATTACH, id=coming, uploadId=paper)
    await teller.do(
        "mori",
        CITY,
        OFFER,
        title="まちのえきでの朝の見守り",
        body="朝の体操と一緒に声をかけあう。週に一度、気づきを持ち寄って分担を見直す。",
        tags=["見守り", "居場所"],
    )


async def _called(teller: Teller, group: str, title: str, ahead: timedelta) -> str:
    starts = teller.clock() + ahead
    plan = {
        "title": title,
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=2)).isoformat(),
        "agenda": AGENDA,
        "venue": "生駒市役所 4階",
    }
    called = await teller.do("ines", CITY, CALL, workingGroupId=group, plan=plan)
    return called["meeting"]["id"]


async def _recorded(teller: Teller, held: str) -> None:
    votes = [
        {"organisationId": (await teller.ask(who, CITY, OWN))["myOrganisation"]["id"], "choice": "IN_FAVOUR"}
        for who in ("ines", "sato", "hana")
    ]
    decided = {"meetingId": held, "title": "訪問の分担", "outcome": "ADOPTED", "votes": votes}
    await teller.do("ines", CITY, DECIDE, **decided)
    said = {"title": "第1回 議事録", "body": "開設時間を確かめ、訪問の分担を決めた。", "audience": "ALL"}
    written = await teller.do("sato", CITY, WRITE, meetingId=held, **said)
    minutes = written["minutes"]["id"]
    agreed = await teller.do("ines", CITY, AGREE, id=minutes, version=written["minutes"]["version"])
    await teller.do("sato", CITY, PUBLISH, id=minutes, version=agreed["minutes"]["version"])
