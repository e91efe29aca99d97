"""For each object and standing a row to which one asker stands in exactly that, and the asker.

The facts are what the builder makes true, not what the product's predicates say of the row: a predicate that
holds for more than it should shows as a row or field that the table does not open.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from services.platform.app import registry
from tests.cells import bases
from tests.cells.bases import add_bases
from tests.cells.rows import Rows
from tests.cells.stage import ALL_ITEMS, Stage
from tests.cells.standings import Facts


@dataclass(frozen=True, slots=True)
class Scene:
    """`row` with the organisation and person that stand to it as asked; `held` and `item` as a viewer's."""

    row: uuid.UUID
    organisation: uuid.UUID
    person: uuid.UUID
    held: uuid.UUID | None
    item: str | None


Builder = Callable[[Stage], Awaitable[uuid.UUID]]


async def build(rows: Rows, object: str, facts: Facts, me: uuid.UUID | None = None) -> Scene:
    """`me` is the asker's organisation, else one of this scene alone."""
    organisation = me or await rows.add("organisation", status="declined")
    stage = Stage(rows, facts, organisation, await rows.add("person", status="removed"))
    row = await _builder(object, facts)(stage)
    held = row if "holder" in facts else None
    return Scene(row, stage.me, stage.person, held, "L3")


def _builder(object: str, facts: Facts) -> Builder:
    """Of an object that nobody can stand to any row will do; another needs to be told how."""
    if object not in BUILDERS and facts:
        raise LookupError(f"say in {__name__} how {sorted(facts)} of {object} come about")
    return BUILDERS.get(object) or _any_row(object)


def _any_row(object: str) -> Builder:
    table = next(stored.table.name for stored in registry().stored.values() if stored.object == object)

    async def build_row(stage: Stage) -> uuid.UUID:
        return await stage.rows.add(table)

    return build_row


async def _organisation(stage: Stage) -> uuid.UUID:
    status = "active" if stage.facts & {"admitted", "published"} else "declined"
    made = await stage.rows.add(
        "organisation",
        status=status,
        decided_at=stage.rows.now if stage.holds("admitted") else None,
        published=stage.holds("published"),
    )
    if stage.holds("own"):
        stage.me = made
    if stage.holds("shared_group"):
        group = await stage.rows.add("working_group")
        for organisation in {made, stage.me}:
            await stage.rows.add("seat", working_group_id=group, organisation_id=organisation)
    await stage.rows.add("membership", organisation_id=made)
    return made


async def _person(stage: Stage) -> uuid.UUID:
    organisation = await stage.rows.add(
        "organisation", status="active" if stage.holds("admitted") else "applied"
    )
    if stage.holds("own"):
        stage.me = organisation
    made = await stage.rows.add("person", profile_for="members" if stage.holds("to_members") else "own")
    await stage.rows.add("membership", person_id=made, organisation_id=organisation)
    if not stage.holds("own"):
        await stage.rows.add("membership", person_id=made, organisation_id=stage.me, until=stage.rows.now)
    if stage.holds("self"):
        stage.person = made
    return made


async def _platform(stage: Stage) -> uuid.UUID:
    return stage.rows.tenant


async def _working_group(stage: Stage) -> uuid.UUID:
    return await stage.group(published=stage.holds("published"))


async def _seat(stage: Stage) -> uuid.UUID:
    """An own seat beside the group is one that has ended."""
    if not stage.holds("own"):
        return await stage.rows.add("seat", working_group_id=await stage.group())
    if stage.holds("group"):
        group = await stage.rows.add("working_group")
        ended: dict[str, Any] = {"is_chair": stage.holds("chair")}
    else:
        group, ended = await stage.group(), {"until_on": stage.rows.today - timedelta(days=7)}
    return await stage.rows.add("seat", working_group_id=group, organisation_id=stage.me, **ended)


async def _seat_request(stage: Stage) -> uuid.UUID:
    group = await stage.group()
    return await stage.rows.add("seat_request", working_group_id=group, **stage.mine("own"))


def _said(table: str) -> Builder:
    """What was said in a group, for an audience."""

    async def build_said(stage: Stage) -> uuid.UUID:
        (audience,) = (fact for fact in stage.facts if fact.startswith("audience_"))
        return await stage.rows.add(
            table,
            working_group_id=await stage.group(),
            audience=audience.removeprefix("audience_"),
            **({"author_organisation_id": stage.me} if stage.holds("own") else {}),
        )

    return build_said


def _of_group(table: str, *hanging_on: str) -> Builder:
    """What a group has; each row hangs on others of its own, of which some have but one."""

    async def build_of_group(stage: Stage) -> uuid.UUID:
        parents = {f"{parent}_id": await stage.rows.add(parent) for parent in hanging_on}
        published = {"published": stage.holds("published")} if table == "decision" else {}
        return await stage.rows.add(table, working_group_id=await stage.group(), **parents, **published)

    return build_of_group


async def _meeting(stage: Stage) -> uuid.UUID:
    made = await stage.rows.add("meeting", working_group_id=await stage.group())
    await stage.rows.add("minutes", meeting_id=made)
    return made


async def _minutes(stage: Stage) -> uuid.UUID:
    """Whoever is not said to have been there was excused."""
    (audience,) = (fact for fact in stage.facts if fact.startswith("audience_"))
    held = await stage.rows.add("meeting")
    came = "present" if stage.holds("attended") and not stage.holds("chair") else "apology"
    await stage.rows.add("attendance", meeting_id=held, organisation_id=stage.me, standing=came)
    return await stage.rows.add(
        "minutes",
        working_group_id=await stage.group(),
        meeting_id=held,
        audience=audience.removeprefix("audience_"),
        state="published" if stage.holds("settled") else "agreed",
        **({"author_organisation_id": stage.me} if stage.holds("own") else {}),
    )


async def _event(stage: Stage) -> uuid.UUID:
    made = uuid.uuid4()
    await stage.rows.add(
        "event",
        id=made,
        series_id=made,
        announced_at=stage.rows.now if stage.holds("announced") else None,
        published=True if stage.holds("published") else not stage.holds("announced"),
        kind="exchange" if stage.holds("no_course") else "course",
        co_host_ids=[stage.me] if stage.holds("co_host") else [],
        **stage.mine("own"),
    )
    await stage.rows.add("place", event_id=made, state="given_up", organisation_id=stage.me)
    if stage.holds("attending"):
        await stage.rows.add("place", event_id=made, state="taken", organisation_id=stage.me)
    return made


async def _happening(stage: Stage) -> uuid.UUID:
    """The event that a place or a day hangs on."""
    return await stage.rows.add(
        "event",
        announced_at=stage.rows.now if stage.holds("announced") else None,
        published=stage.holds("published"),
        kind="exchange" if stage.holds("no_course") else "course",
        **stage.mine("host"),
    )


async def _occurrence(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("event_occurrence", event_id=await _happening(stage))


async def _event_report(stage: Stage) -> uuid.UUID:
    """A published one tells as much as its event's card."""
    shown = bool(stage.facts & {"announced", "published"})
    return await stage.rows.add("event_report", id=await _happening(stage), published=shown)


async def _calendar_feed(stage: Stage) -> uuid.UUID:
    return await stage.rows.add(
        "calendar_feed", scope="group", **({"person_id": stage.person} if stage.holds("self") else {})
    )


async def _place(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("place", event_id=await _happening(stage), **stage.mine("own"))


async def _resource(stage: Stage) -> uuid.UUID:
    return await stage.rows.add(
        "resource",
        state="offered" if stage.holds("offered") else "draft",
        published=stage.holds("published"),
        address_confidential=not stage.holds("open_address"),
        **stage.mine("own"),
    )


async def _agreement(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("condition_agreement", **stage.mine("own"))


async def _paper(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("application_paper", **stage.mine("own"))


async def _case(stage: Stage) -> uuid.UUID:
    return await stage.case(held=stage.holds("case_holder"))


async def _consent(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("consent", case_id=await stage.case(held=stage.holds("case_holder")))


async def _referral(stage: Stage) -> uuid.UUID:
    identity, rows = uuid.uuid4(), stage.rows
    addressed = stage.holds("ever_party") and not stage.holds("own")
    ends = {"sender_id": stage.me} if stage.holds("own") else {"recipient_id": stage.me} if addressed else {}
    await rows.add(
        "referral",
        id=identity,
        state=_state(stage),
        posted_at=stage.rows.now if stage.holds("posted") or _state(stage) == "void" else None,
        case_id=await stage.case(held=stage.holds("case_holder")),
        working_group_id=await stage.group(board_open_to_companies=stage.holds("open_board")),
        consent_id=await _named_consent(stage),
        previous_attempt_id=identity,
        based_on_id=identity,
        void_asked_at=rows.now if stage.holds("void_requested") else None,
        **ends,
    )
    await add_bases(stage, identity)
    await rows.add("assignment", referral_id=identity, superseded_at=None)
    return identity


def _state(stage: Stage) -> str:
    """The state in which these facts hold and no other does."""
    if stage.holds("recipient"):
        return "accepted" if stage.holds("accepted") else "sent"
    if stage.holds("accepted"):
        return "closed"
    if stage.holds("opened"):
        return "accepted"
    if stage.facts & {"council", "sitting", "vital"}:
        return "awaiting_basis"
    return "declined" if stage.holds("posted") else "void"


async def _named_consent(stage: Stage) -> uuid.UUID:
    """It names the asker; where the facts say none, it has been withdrawn."""
    withdrawn = None if stage.holds("consent") else stage.rows.now
    made = await stage.rows.add("consent", items=ALL_ITEMS, withdrawn_at=withdrawn)
    await stage.rows.add("consent_recipient", consent_id=made, organisation_id=stage.me)
    return made


async def _card(stage: Stage) -> uuid.UUID:
    """The referral that a note, an offer or an entry hangs on."""
    ends = {"sender_id": stage.me} if stage.facts & {"sender", "ever_party"} else {}
    posted = {"state": "posted", "posted_at": stage.rows.now} if stage.holds("posted") else {"state": "void"}
    return await stage.rows.add("referral", previous_attempt_id=None, based_on_id=None, **ends, **posted)


async def _card_note(stage: Stage) -> uuid.UUID:
    """One of this posting; not posted, it would be of it if the card were not void."""
    mine = {"author_organisation_id": stage.me} if stage.holds("own") else {}
    return await stage.rows.add(
        "card_note", referral_id=await _card(stage), working_group_id=await stage.group(), **mine
    )


async def _event_of_referral(stage: Stage) -> uuid.UUID:
    """A step of one of the ends, or another organisation's offer."""
    step = "accept_referral" if stage.holds("of_ends") else "offer_help"
    ends = {"sender_id": stage.me} if stage.holds("sender") else {"earlier_sender_ids": [stage.me]}
    given = ends if stage.holds("ever_party") else {}
    referral = await stage.rows.add(
        "referral", previous_attempt_id=None, based_on_id=None, state="void", **given
    )
    return await stage.rows.add("referral_event", referral_id=referral, step=step, **stage.mine("own"))


async def _offer(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("offer", referral_id=await _card(stage), **stage.mine("own"))


async def _question(stage: Stage) -> uuid.UUID:
    """The referral that it hangs on is the asker's where they are a party."""
    ends = {"sender_id": stage.me} if stage.holds("party") else {}
    referral = await stage.rows.add(
        "referral", previous_attempt_id=None, based_on_id=None, state="void", **ends
    )
    return await stage.rows.add("question", referral_id=referral)


async def _help_request(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("help_request", **stage.mine("own"))


async def _request_access(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("request_access", **stage.mine("own"))


async def _erasure(stage: Stage) -> uuid.UUID:
    asked = {} if stage.holds("not_asker") else {"asked_by_id": stage.person}
    case = await stage.case(held=stage.holds("own"))
    return await stage.rows.add("erasure", case_id=case, **asked, **stage.mine("own"))


async def _access_entry(stage: Stage) -> uuid.UUID:
    case = await stage.case(held=stage.holds("case_holder"))
    return await stage.rows.add("access_entry", referral_id=await _card(stage), case_id=case)


def _entry(table: str) -> Builder:
    async def build_entry(stage: Stage) -> uuid.UUID:
        return await stage.rows.add(table, referral_id=await _card(stage))

    return build_entry


async def _notice(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("notice", **({"person_id": stage.person} if stage.holds("self") else {}))


async def _inbox(stage: Stage) -> uuid.UUID:
    made = await stage.rows.add("person")
    await stage.rows.add("notice_preference", id=made)
    await stage.rows.add("notice", person_id=made)
    if stage.holds("self"):
        stage.person = made
    return made


async def _course_text(stage: Stage) -> uuid.UUID:
    state = "published" if stage.holds("published") else "draft"
    identity = uuid.uuid4()
    return await stage.rows.add("course_text", id=identity, state=state, previous_id=identity)


async def _course(stage: Stage) -> uuid.UUID:
    """Reported: a field that is told by a report then has a value."""
    made = await stage.rows.add("course", event_id=await _happening(stage))
    await stage.rows.add("course_report", course_id=made)
    return made


async def _dispatch(stage: Stage) -> uuid.UUID:
    asked = {"person_id": stage.person} if stage.holds("self") else {}
    return await stage.rows.add("course_dispatch", course_id=await _course(stage), state="assigned", **asked)


async def _certificate(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("certificate", course_id=await _course(stage))


async def _survey(stage: Stage) -> uuid.UUID:
    happening = await stage.rows.add("event")
    await stage.rows.add(
        "place",
        event_id=happening,
        state="taken" if stage.holds("attending") else "given_up",
        organisation_id=stage.me,
    )
    identity = uuid.uuid4()
    shown = {"published": True, "readable": True} if stage.holds("published") else {}
    own = {"id": identity, "previous_id": identity, "event_id": happening}
    return await stage.rows.add("survey", **own, **shown, **stage.mine("own"))


async def _survey_answer(stage: Stage) -> uuid.UUID:
    asked = await stage.rows.add("survey", readable=stage.holds("host"), organisation_id=stage.me)
    return await stage.rows.add("survey_answer", survey_id=asked)


async def _webhook(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("webhook", **stage.mine("own"))


BUILDERS: Final[Mapping[str, Builder]] = {
    "organisation": _organisation,
    "person": _person,
    "tenant": _platform,
    "working_group": _working_group,
    "seat": _seat,
    "seat_request": _seat_request,
    **{said: _said(said) for said in ("post", "comment", "file")},
    "meeting": _meeting,
    "attendance": _of_group("attendance", "meeting"),
    "minutes": _minutes,
    "decision": _of_group("decision"),
    "vote": _of_group("vote", "decision"),
    "event": _event,
    "occurrence": _occurrence,
    "place": _place,
    "resource": _resource,
    "condition_agreement": _agreement,
    "paper": _paper,
    "membership_condition": _any_row("membership_condition"),
    "member_class": _any_row("member_class"),
    "calendar_feed": _calendar_feed,
    "event_report": _event_report,
    "case": _case,
    "consent": _consent,
    "referral": _referral,
    "card_note": _card_note,
    "offer": _offer,
    "question": _question,
    "referral_terms": _platform,
    "request": _help_request,
    "referral_event": _event_of_referral,
    "request_access": _request_access,
    "disclosure": _entry("disclosure"),
    "answer_link": _entry("answer_link"),
    "notice": _notice,
    "inbox": _inbox,
    "webhook": _webhook,
    "council": bases.council,
    "council_member": bases.council_member,
    "council_item": bases.council_item,
    "sitting": bases.sitting,
    "break_glass": bases.break_glass,
    "correction": _entry("correction"),
    "access_entry": _access_entry,
    "erasure": _erasure,
    "course_text": _course_text,
    "course": _course,
    "dispatch": _dispatch,
    "certificate": _certificate,
    "survey": _survey,
    "survey_answer": _survey_answer,
}
