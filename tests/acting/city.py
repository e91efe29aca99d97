"""生駒市 with one of everything in every state: made by its people, put into late states by the admin."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.events import stage as events
from tests.files.papers import PDF
from tests.files.sending import sent
from tests.groups import said as groups
from tests.links import documents as links
from tests.meetings import said as meetings
from tests.members import said as members
from tests.notices.test_webhooks import REGISTER
from tests.referrals import bases
from tests.referrals import documents as said
from tests.referrals.conftest import ALL_ITEMS, Loop
from tests.requests.conftest import Desk, Phone
from tests.resources import said as resources
from tests.resources.said import a_place
from tests.surveys import stage as surveys
from tests.training import stage as training

ATTENDANCE_CODE = "012345"
VIEWERS = ("ines", "sato", "hana", "kato", "mori", "midori", "nakai", "ueda", "stranger")
"""Midori has applied and waits; Nakai, of Ines's NPO without a role there, coordinates beside Mori."""
ERASE = """mutation ($input: EraseCaseInput!) { eraseCase(input: $input) { __typename
  ... on ErasurePayload { erasure { id } } ... on UserError { en } } }"""
LATE = "UPDATE tsunagari.{table} SET {change} WHERE id = $1"

STATES_BESIDE = {
    "ELDER_CARE": "",
    "DISABILITY": "state = 'on_hold', held_from = 'accepted', review_on = current_date + 3",
    "VIOLENCE": "state = 'reported', reported_at = now(), reopen_asked_at = now()",
    "SCHOOLING": "void_asked_at = now()",
}
"""What is waited for beside a state; the first by a question of its own."""

UNANSWERED = {"FOOD", "HOUSING", "LEGAL", "ELDER_CARE"}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class City:
    """Everything that stands in 生駒市's tables, as the admin reads it."""

    loop: Loop
    rows: Mapping[str, Mapping[uuid.UUID, Row]]

    def all(self, table: str) -> list[Row]:
        return list(self.rows[table].values())

    def ids(self, table: str, prefix: str | None = None) -> list[str]:
        return [f"{prefix or table}_{row['id']}" for row in self.all(table)]


TABLES = (
    "organisation",
    "person",
    "membership",
    "platform_settings",
    "working_group",
    "seat",
    "seat_request",
    "post",
    "comment",
    "upload",
    "file",
    "application_paper",
    "meeting",
    "minutes",
    "decision",
    "resource",
    "event",
    "place",
    "calendar_feed",
    "case_file",
    "consent",
    "referral",
    "offer",
    "help_request",
    "notice",
    "webhook",
    "council",
    "council_member",
    "council_item",
    "sitting",
    "sitting_body",
    "break_glass",
    "card_note",
    "transfer_request",
    "erasure",
    "survey",
    "course_text",
    "course",
    "course_dispatch",
    "certificate",
)


async def a_city(loop: Loop) -> City:
    await _members(loop)
    await _resources(loop)
    await _groups(loop)
    await _meetings(loop)
    await _events(loop)
    await _surveys(loop)
    await _training(loop)
    await _referrals(loop)
    await _requests(loop)
    await _notices(loop)
    await _bases(loop)
    async with loop.cities.stage.sql() as sql:
        tenant = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
        rows = {
            table: {
                row["id"]: dict(row)
                for row in await sql.fetch(f"SELECT * FROM tsunagari.{table} WHERE tenant_id = $1", tenant)
            }
            for table in TABLES
        }
    return City(loop, rows)


async def _late(loop: Loop, table: str, identity: str, change: str) -> None:
    """A state that takes a day or a worker to come about."""
    async with loop.cities.stage.sql() as sql:
        await sql.execute(LATE.format(table=table, change=change), uuid.UUID(identity.rpartition("_")[2]))


async def _members(loop: Loop) -> None:
    mori, stage = loop.person("mori"), loop.cities.stage
    midori = stage.person("midori", "ikoma")
    await members.applied(midori)
    for number, status in enumerate(("declined", "suspended", "withdrawn", "active")):
        made = await members.applied(mori, f"NPO法人{number}", applicantName=None)
        # on its behalf: an organisation in which nobody is yet
        await _late(loop, "organisation", made["id"], f"status = '{status}', decided_at = now()")
    async with stage.sql() as sql:
        await sql.execute(PAPERS)
    nakai = await members.joined(loop.person("ines"), stage.person("nakai", "ikoma"))
    await members.does(mori, "appointCoordinator", personId=nakai)


async def _resources(loop: Loop) -> None:
    """Of Ines's, in each state."""
    for number, state in enumerate(("draft", "offered", "ended")):
        answer = await resources.tries(
            loop.person("ines"), "createResource", resource=a_place(name=f"家{number}")
        )
        await _late(loop, "resource", answer["resource"]["id"], f"state = '{state}'")


async def _groups(loop: Loop) -> None:
    mori = loop.person("mori")
    group = await groups.founded(mori, loop.person("hana"), loop.person("sato"), name="見守り部会")
    closed = await groups.founded(mori, loop.person("sato"), name="終わった部会")
    for person, name in (("ines", group), ("kato", group), ("kato", closed)):
        asked = await groups.does(loop.person(person), "askForSeat", workingGroupId=name)
        if person == "kato" and name == closed:
            await _late(loop, "seat_request", asked["id"], "state = 'declined'")
    for audience, author in (("ALL", "sato"), ("PUBLIC_SECTOR", "hana")):
        await groups.does(
            loop.person(author),
            "writePost",
            workingGroupId=group,
            audience=audience,
            title="報告",
            body="本文",
        )
    ended = (await groups.group_of(mori, group))["seats"]["nodes"][0]
    await _late(loop, "seat", ended["id"], "until_on = from_on, is_chair = false")
    await _late(loop, "working_group", closed, "state = 'closed'")


async def _meetings(loop: Loop) -> None:
    """Of a group that Ines chairs: to come, called off, begun, held with a draft, with agreed minutes."""
    ines, sato, hana = loop.person("ines"), loop.person("sato"), loop.person("hana")
    group = await groups.founded(loop.person("mori"), ines, sato, hana, name="会議の部会")
    kato = {"workingGroupId": group, "organisationId": loop.organisations["kato"]}
    await groups.does(ines, "giveSeat", **kato, isObserver=True)
    posted = {"workingGroupId": group, "audience": "ALL", "title": "案", "body": "本文"}
    post = await groups.does(sato, "writePost", **posted)
    await groups.does(hana, "writeComment", postId=post["id"], body="賛成")
    upload = await sent(sato, "案.pdf", PDF)
    await groups.does(sato, "uploadFile", workingGroupId=group, uploadId=upload["id"], audience="ALL")
    soon = meetings.plan(loop.cities, days=0.01)
    for change in (None, "state = 'cancelled'", "starts_at = now()", HELD, HELD, f"{HELD}, venue = ''"):
        meeting = await meetings.does(ines, "callMeeting", workingGroupId=group, plan=soon)
        await meetings.does(hana, "answerMeeting", id=meeting["id"], comes=True)
        if change is not None:
            await _late(loop, "meeting", meeting["id"], change)
        if change == HELD:
            await _came_of(loop, meeting["id"])
    async with loop.cities.stage.sql() as sql:
        await sql.execute(UPLOADS)


async def _came_of(loop: Loop, meeting: str) -> None:
    """The second time the minutes are agreed."""
    said = {"audience": "ALL", "title": "議事録", "body": "本文"}
    written = await meetings.does(loop.person("sato"), "writeMinutes", meetingId=meeting, **said)
    async with loop.cities.stage.sql() as sql:
        if await sql.fetchval("SELECT count(*) FROM tsunagari.minutes") > 1:
            await _late(loop, "minutes", written["id"], "state = 'agreed'")
    result = {"title": "分担", "outcome": "NOTED"}
    await meetings.does(loop.person("ines"), "recordDecision", meetingId=meeting, **result)


PAPERS = """INSERT INTO tsunagari.application_paper
    (tenant_id, id, organisation_id, kind, title, object_id, name, media_type, size, sha256, created_at)
  SELECT tenant_id, gen_random_uuid(), id, 'articles', '定款', gen_random_uuid(), 'a.pdf', 'application/pdf',
    1, '', now()
  FROM tsunagari.organisation"""
"""One of every organisation, in whatever state."""
HELD = "state = 'held', quorum = 'none', seats_counted = 3, seats_present = 1"
UPLOADS = """INSERT INTO tsunagari.upload
    (tenant_id, id, person_id, name, media_type, size, sha256, created_at, arrived_at)
  SELECT tenant_id, gen_random_uuid(), id, 'a.pdf', 'application/pdf', 1, '', now(), now()
  FROM tsunagari.person"""
"""A file of everybody's that waits to be taken."""


async def _events(loop: Loop) -> None:
    ines, sato = loop.person("ines"), loop.person("sato")
    await events.drafted(ines)
    for change in (
        None,
        "state = 'cancelled'",
        "over_at = now(), starts_at = now()",
        "deadline = now()",
        "reservable = false",
        "capacity = 2",
    ):
        event = await events.announced(ines, to_everybody=change is None)
        taken = await sato.do(events.TAKE, eventId=event["id"], count=2)
        if change is None:
            await sato.do(events.GIVE_UP, id=taken["place"]["id"], version=taken["place"]["version"])
        else:
            await _late(loop, "event", event["id"], change)
    await events.announced(ines, coHostIds=[loop.organisations["kato"]])
    await _registrations(loop)
    for number in range(2):
        feed = (await sato.do(events.CREATE_FEED))["calendarFeed"]
        if number:
            await _late(loop, "calendar_feed", feed["id"], "revoked_at = now()")


async def _registrations(loop: Loop) -> None:
    """Kato asks, waits, is offered a place; who is in the room says so by the code that is shown."""
    ines, sato, kato = loop.person("ines"), loop.person("sato"), loop.person("kato")
    asked = await events.announced(ines, approval=True)
    await kato.do(events.TAKE, eventId=asked["id"], count=1)
    for change in (None, "state = 'offered', offered_until = now() + interval '1 day'"):
        full = await events.announced(ines, capacity=2)
        await sato.do(events.TAKE, eventId=full["id"], count=2)
        waiting = (await kato.do(events.TAKE, eventId=full["id"], count=1, wait=True))["place"]
        if change is not None:
            await _late(loop, "place", waiting["id"], change)
    soon = await events.announced(ines)
    await sato.do(events.TAKE, eventId=soon["id"], count=1)
    shown = f"attendance_code = '{ATTENDANCE_CODE}', starts_at = now() + interval '1 hour'"
    await _late(loop, "event", soon["id"], shown)


async def _surveys(loop: Loop) -> None:
    """Of Ines's event at which Sato has places, in every state."""
    ines = loop.person("ines")
    event = await events.announced(ines)
    await loop.person("sato").do(events.TAKE, eventId=event["id"], count=2)
    await surveys.drafted(ines, event["id"])
    for change in (
        None,
        "closes_at = now()",
        "state = 'closed'",
        "state = 'closed', readable = true",
        "state = 'closed', readable = true, published = true",
    ):
        opened = await surveys.opened(ines, event["id"])
        if change is not None:
            await _late(loop, "survey", opened["id"], change)


async def _training(loop: Loop) -> None:
    """Texts and Ines's courses in each state, a dispatch in each, certificates in force and not."""
    mori, ines, sato = loop.person("mori"), loop.person("ines"), loop.person("sato")
    await training.drafted_text(mori)
    withdrawn = await training.published_text(mori)
    await _late(loop, "course_text", withdrawn["id"], "state = 'withdrawn'")
    text = (await training.published_text(mori))["id"]
    await training.planned(ines, text)
    for state in ("requested", "offered", "assigned", "declined", "withdrawn"):
        course = await training.announced(ines, text, lecturing="DISPATCH")
        asked = await training.asked_for_lecturer(ines, course)
        person = f"person_id = (SELECT id FROM tsunagari.person WHERE subject = '{sato.subject}')"
        await _late(loop, "course_dispatch", asked["id"], f"state = '{state}', {person}")
    for change in ("state = 'cancelled'", "over_at = now(), starts_at = now() - interval '2 hours'"):
        course = await training.announced(ines, text)
        await _late(loop, "event", course["event"]["id"], change)
    reported = await training.report(ines, course["id"], walkIns=2)
    codes = await training.codes_for(ines, reported, 2)
    assert len(codes) == 2
    async with loop.cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.certificate SET revoked_at = now() "
            "WHERE id = (SELECT max(id::text)::uuid FROM tsunagari.certificate)"
        )


async def _referrals(loop: Loop) -> None:
    await loop.case()
    ines, case = loop.person("ines"), await loop.case()
    await _late(loop, "organisation", loop.organisations["sato"], "work_email = 'hidamari@example.jp'")
    await loop.draft(case)
    await loop.card(case, ask="お茶の相手を探しています。")
    card = await loop.card(case, ask="散歩の相手を探しています。")
    await loop.offer("sato", card["id"])
    await ines.do(said.NOTE, id=card["id"], body="火曜がよいそうです")
    consent = await loop.consent(case, "sato", "hana", items=["NARRATIVE"])
    for need in ("FOOD", "HOUSING", "WORK", "HEALTH", "LEGAL", "MONEY", "LANGUAGE", *STATES_BESIDE):
        sent = await loop.sent(case, "sato", consent["id"], needCategory=need)
        await _move_on(loop, sent, need)
    waiting = await loop.draft(case)
    group = loop.group.removeprefix("working_group_")
    on_board = f"mode = 'board', working_group_id = '{group}', approval_asked_at = now()"
    await _late(loop, "referral", waiting["id"], on_board)
    await _asked_for(loop)
    await _without_its_consent(loop)
    closed = await loop.case()
    await loop.draft(closed)
    await _late(loop, "case_file", closed, "state = 'closed'")
    for state in ("asked", "confirmed", "taken_back"):
        await _erasure(loop, state)


async def _erasure(loop: Loop, state: str) -> None:
    """Asked for by Ines; confirmed, its case is erased and what was under way has ended."""
    case = await loop.case()
    draft = await loop.draft(case)
    version = (await loop.person("ines").ask("query ($id: ID!) { case(id: $id) { version } }", id=case)).data
    asked = await loop.person("ines").do(
        ERASE, id=case, version=version["case"]["version"], reason="PERSON_ASKED"
    )
    await _late(loop, "erasure", asked["erasure"]["id"], f"state = '{state}'")
    if state == "confirmed":
        await _late(loop, "case_file", case, "state = 'erased'")
        await _late(loop, "referral", draft["id"], "state = 'withdrawn'")


async def _requests(loop: Loop) -> None:
    """At Ines's desk, in every state."""
    desk = Desk(loop, Phone(loop.cities.stage.http))
    await desk.keep_page(deskId=loop.organisations["ines"])
    for change in (
        None,
        "state = 'answered'",
        "state = 'taken'",
        "state = 'withdrawn'",
        "erased_at = now()",
    ):
        await desk.phone.ask()
        if change is not None:
            newest = (await desk.requests("ines"))[0]
            await _late(loop, "help_request", newest["id"], change)


async def _notices(loop: Loop) -> None:
    """Everybody is told of something; webhooks in each state."""
    async with loop.cities.stage.sql() as sql:
        await sql.execute(
            "INSERT INTO tsunagari.notice (tenant_id, id, person_id, kind, about, mail, created_at) "
            "SELECT tenant_id, uuidv7(), id, 'assigned', 'referral_' || id, 'none', now() "
            "FROM tsunagari.person"
        )
    states = {"ines": "active", "sato": "disabled", "hana": "removed", "mori": "disabled"}
    for name, state in states.items():
        made = await loop.person(name).do(REGISTER, url="https://hooks.example/", ofPlatform=name == "mori")
        await _late(loop, "webhook", made["webhook"]["id"], f"state = '{state}'")


async def _move_on(loop: Loop, sent: dict[str, Any], need: str) -> None:
    at: dict[str, Any] = {"id": sent["id"], "version": sent["version"]}
    if need == "FOOD":
        await loop.person("ines").do(links.SEND_LINK, **at)
        return
    if need == "HOUSING":
        await loop.step("sato", said.DECLINE, **at, declinedBy="PROVIDER", code="NO_CAPACITY")
    if need == "LEGAL":
        await _late(loop, "referral", sent["id"], "state = 'expired', ended_at = now()")
    if need == "ELDER_CARE":
        await loop.step("sato", said.ASK, **at, text="段差はありますか")
    if need in UNANSWERED:
        return
    taken = await loop.step("sato", said.ACCEPT, **at)
    if need in STATES_BESIDE:
        await _late(loop, "referral", sent["id"], STATES_BESIDE[need])
    if need in STATES_BESIDE or need == "WORK":
        return
    if need == "HEALTH":
        await loop.step(
            "sato", said.START, id=taken["id"], version=taken["version"], startedOn=loop.today.isoformat()
        )
        return
    reported = await loop.step("sato", said.REPORT, id=taken["id"], version=taken["version"], code="GOT_HELP")
    if need == "LANGUAGE":
        await loop.step("ines", said.CONFIRM, id=reported["id"], version=reported["version"])


async def _asked_for(loop: Loop) -> None:
    """A card of a case that another member asks for, and the person agreed."""
    case = await loop.case()
    card = await loop.card(case, ask="買い物の付き添いを探しています。")
    await loop.step("hana", said.ASK_TRANSFER, id=card["id"], version=card["version"])
    await loop.consent(case, "hana", items=[*ALL_ITEMS, "CONTACT_RULE", "SAFETY_NOTES"])


async def _without_its_consent(loop: Loop) -> None:
    """One that waits to be sent, one that was withdrawn with its consent, one to a recipient that left."""
    case = await loop.case()
    consent = await loop.consent(case, "sato", "hana")
    await loop.sent(case, "hana", consent["id"])
    await loop.person("ines").do(said.WITHDRAW_CONSENT, id=consent["id"], version=1)
    await loop.consent(case, "sato", "hana", "kato")
    for name in ("sato", "hana"):
        draft = await loop.draft(case)
        await loop.step(
            "ines",
            said.REQUEST_BASIS,
            id=draft["id"],
            version=draft["version"],
            recipientId=loop.organisations[name],
        )
    await _late_recipient(loop, draft["id"])


async def _late_recipient(loop: Loop, referral: str) -> None:
    await _late(
        loop,
        "referral",
        referral,
        "recipient_id = (SELECT id FROM tsunagari.organisation o WHERE o.status = 'suspended' LIMIT 1)",
    )


async def _bases(loop: Loop) -> None:
    """A council with an item and a past one, sittings in each state, break-glass reviewed and not."""
    await bases.a_council(loop)
    council = await bases.a_council(loop, "ines", "sato", "hana")
    await bases.leaves(loop, (await bases.a_council(loop, "kato"))["id"], "kato")
    case = await loop.case()
    await loop.consent(case, "sato", items=["NARRATIVE"])
    asked = await bases.asked_for(loop, "sato", "COUNCIL_EXCHANGE", case)
    item = await bases.brought(loop, asked, council["id"])
    sato = loop.organisations["sato"]
    await bases.does(loop, "mori", bases.ASSIGN, "councilItem", id=item["id"], organisationId=sato)
    over = await bases.brought(loop, await loop.draft(await loop.case()), council["id"])
    await _late(loop, "council_item", over["id"], "ended_at = now()")
    await _sittings(loop)
    await _in_danger(loop)


async def _sittings(loop: Loop) -> None:
    sent = await bases.on_a_sitting(loop)
    async with loop.cities.stage.sql() as sql:
        case = await sql.fetchval(
            "SELECT case_id FROM tsunagari.referral WHERE id = $1", sent["id"].removeprefix("referral_")
        )
    await loop.consent(f"case_{case}", "sato", items=["NARRATIVE"])
    await bases.a_sitting(loop, "ines", "hana", "sato")
    cancelled = await bases.a_sitting(loop, "hana")
    await bases.does(loop, "mori", bases.CANCEL_SITTING, "sitting", id=cancelled["id"], version=1)


async def _in_danger(loop: Loop) -> None:
    sent = await bases.in_danger(loop)
    (glass,) = await bases.glasses(loop, "mori")
    await bases.does(
        loop, "nakai", bases.REVIEW, "breakGlass", id=glass["id"], version=1, finding="JUSTIFIED"
    )
    hana = loop.person("hana")
    danger = {
        "reason": "安否不明",
        "personIds": [await bases.person_of(loop, "mori")],
        "items": ["NARRATIVE"],
    }
    await hana.do(bases.BREAK, id=sent["id"], version=sent["version"], danger=danger)
    (case,) = (await hana.ask("{ myCases { nodes { id } } }")).data["myCases"]["nodes"]
    today = loop.today.isoformat()
    agreed = await hana.do(
        said.RECORD_CONSENT,
        caseId=case["id"],
        items=["NARRATIVE"],
        recipientIds=[loop.organisations["mori"]],
        purpose="見守り",
        howObtained="ORAL",
        obtainedOn=today,
        validUntil=today,
    )
    assert agreed["__typename"] == "ConsentPayload", agreed
