"""Every root and every list: which rows of the target hang on which, what narrows them, in which order."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from libs.japan.kana_order import ROWS
from libs.japan.municipalities import around, named_around
from libs.japan.text import search_key
from libs.tenancy.viewer import JAPAN
from services.platform.members.schema.query import KanaRow
from tests.oracle.facts import is_live
from tests.oracle.moments import NOW, TODAY
from tests.oracle.seeing import Asked, Thing, number_of
from tests.reading.paging import NEWEST, Keys, in_order, paged
from tests.reading.world import Row

Joined = Callable[[Asked, Row, Row], bool]
Fits = Callable[[Row, Any], bool]


@dataclass(frozen=True)
class Rows:
    """The target's rows of one list. `joined` takes the parent's row (a root's is empty) and the target's.

    `filters`: by argument, the policy's fields that it tells of, and the test.
    """

    target: str
    joined: Joined
    filters: Mapping[str, tuple[tuple[str, ...], Fits]] = field(
        default_factory=dict[str, tuple[tuple[str, ...], Fits]]
    )
    keys: Keys = field(default_factory=lambda: NEWEST)
    order: str = "NEWEST"
    page: int = 20
    paged: bool = True


def root(asked: Asked, name: str, given: Mapping[str, Any]) -> Any:
    if name in CURRENT:
        type_name, identity = CURRENT[name](asked)
        return asked.of(type_name, identity)
    if name in BY_ID:
        return asked.by_id(given["id"], BY_ID[name])
    return answer(asked, LISTS["Query", name], {}, given)


def nested(asked: Asked, thing: Thing, name: str, given: Mapping[str, Any]) -> Any:
    return answer(asked, LISTS[thing.type, name], thing.row, given)


def answer(asked: Asked, rows: Rows, parent: Row, given: Mapping[str, Any]) -> Any:
    found = matching(asked, rows, parent, given)
    if rows.paged:
        return paged(found, rows.keys, given, first=rows.page, order=rows.order)
    first = given.get("first")
    return in_order(found, *rows.keys[rows.order])[: rows.page if first is None else first]


def matching(asked: Asked, rows: Rows, parent: Row, given: Mapping[str, Any]) -> list[Thing]:
    """All that the asker may find of it, in no order."""
    return [
        thing
        for thing in asked.everything(rows.target)
        if rows.joined(asked, parent, thing.row) and _fits(asked, rows, thing, given)
    ]


def _fits(asked: Asked, rows: Rows, thing: Thing, given: Mapping[str, Any]) -> bool:
    """A row whose field is withheld never matches a filter on it."""
    return all(
        all(asked.opens(thing, name) for name in reads) and fits(thing.row, given[argument])
        for argument, (reads, fits) in rows.filters.items()
        if given.get(argument) is not None
    )


def _any(_: Asked, __: Row, ___: Row) -> bool:
    return True


def _by(column: str) -> Joined:
    return lambda _, parent, row: row[column] == parent["id"]


def _searched(row: Row, text: str) -> bool:
    return search_key(text) in row["search_key"]


def _coded(column: str) -> Fits:
    return lambda row, name: row[column] == name.lower()


def _equal(column: str) -> Fits:
    return lambda row, number: row[column] == number


def _linked(column: str, type_name: str) -> Fits:
    return lambda row, text: row[column] is not None and row[column] == number_of(text, type_name)


def _when(row: Row, name: str) -> bool:
    return (row["over_at"] > NOW) == (name == "UPCOMING")


def _works_there(asked: Asked, parent: Row, row: Row) -> bool:
    return any(
        each["person_id"] == row["id"] and each["organisation_id"] == parent["id"] and is_live(each)
        for each in asked.judge.world.all("membership")
    )


def _beside(pairs: str, own: str, other: str) -> Joined:
    """The rows that stand beside the parent in a table of pairs; of an assignment, those not ended."""

    def joined(asked: Asked, parent: Row, row: Row) -> bool:
        return any(
            each[own] == parent["id"]
            and each[other] == row["id"]
            and (pairs != "council_assignment" or each["ended_at"] is None)
            for each in asked.judge.world.all(pairs)
        )

    return joined


def _still_there(_: Asked, __: Row, row: Row) -> bool:
    return row["until_on"] is None or row["until_on"] > TODAY


def _not_ended(asked: Asked, parent: Row, row: Row) -> bool:
    return row["working_group_id"] == parent["id"] and _still_there(asked, parent, row)


def _is_pinned(row: Row, wanted: bool) -> bool:
    return row["is_pinned"] == wanted


def _unread_post(asked: Asked, parent: Row, row: Row) -> bool:
    """Made after the mark of whoever asks, and not by them; without a person nothing is."""
    person = asked.judge.viewer.person_id
    marks = [
        each["read_through"]
        for each in asked.judge.world.all("group_reading")
        if each["person_id"] == person and each["working_group_id"] == parent["id"]
    ]
    is_new = row["id"] > (marks[0] if marks else uuid.UUID(int=0))
    return row["working_group_id"] == parent["id"] and person not in {None, row["author_id"]} and is_new


def _invited(_: Asked, parent: Row, row: Row) -> bool:
    day = parent["starts_at"].astimezone(JAPAN).date()
    held = row["from_on"] <= day and (row["until_on"] is None or row["until_on"] > day)
    return row["working_group_id"] == parent["working_group_id"] and held


def _invites_asker(asked: Asked, _: Row, row: Row) -> bool:
    seats = asked.judge.world.all("seat")
    return any(asked.judge.is_own(each["organisation_id"]) and _invited(asked, row, each) for each in seats)


def _seated(asked: Asked, _: Row, row: Row) -> bool:
    own = asked.judge.viewer.organisation_id
    return own is not None and row["id"] in asked.judge.groups_of(own)


def _own(column: str) -> Joined:
    return lambda asked, _, row: asked.judge.is_own(row[column])


def _kept_day(_: Asked, parent: Row, row: Row) -> bool:
    return row["event_id"] == parent["id"] and not row["dropped"]


def _mine(asked: Asked, _: Row, row: Row) -> bool:
    """Held by the asker's organisation, alone or with others, or it has places there."""
    hosts = [row["organisation_id"], *row["co_host_ids"]]
    places = asked.judge.world.all("place")
    held = [
        each["organisation_id"]
        for each in places
        if each["event_id"] == row["id"] and each["state"] == "taken"
    ]
    return any(asked.judge.is_own(each) for each in (*hosts, *held))


def _of_asker(asked: Asked, _: Row, row: Row) -> bool:
    person = asked.judge.viewer.person_id
    return person is not None and row["person_id"] == person


def _addressed(asked: Asked, _: Row, row: Row) -> bool:
    return asked.judge.is_own(row["recipient_id"]) and row["sent_at"] is not None


def _unread(row: Row, wanted: bool) -> bool:
    return (row["read_at"] is None) == wanted


def _kept(asked: Asked, _: Row, row: Row) -> bool:
    return asked.judge.is_own(row["organisation_id"]) and row["state"] != "removed"


def _is_open(row: Row, wanted: bool) -> bool:
    known = row["open_times_until"] is not None and row["open_times_until"] >= TODAY
    return (known and any(span.lower <= NOW < span.upper for span in row["open_times"])) == wanted


def _in_row(row: Row, name: str) -> bool:
    return row["sort_key"][:1] in ROWS[KanaRow[name].value]


def _works_on(row: Row, text: str) -> bool:
    return text in row["fields_of_work"]


def _works_around(row: Row, code: str) -> bool:
    return not row["service_areas"] or not {*named_around(code)}.isdisjoint(row["service_areas"])


def _about(row: Row, text: str) -> bool:
    return search_key(text) in row["profile_key"]


def _current(_: Asked, __: Row, row: Row) -> bool:
    return row["until"] is None


def _given(_: Asked, __: Row, row: Row) -> bool:
    return row["ended_at"] is None


def _applying(_: Asked, __: Row, row: Row) -> bool:
    return row["status"] == "applied"


def _serves(row: Row, code: str) -> bool:
    return not row["areas"] or not {*around(code)}.isdisjoint(row["areas"])


def _speaks(row: Row, tag: str) -> bool:
    return tag in row["languages"]


def _posted(_: Asked, __: Row, row: Row) -> bool:
    return row["posted_at"] is not None and row["state"] != "void"


STATE: Final = {"state": (("state",), _coded("state"))}
ORGANISATION_KEYS: Final[Keys] = {**NEWEST, "KANA": (("sort_key", "id"), (False, False))}
EVENT_KEYS: Final[Keys] = {
    **NEWEST,
    "STARTS": (("starts_at", "id"), (False, False)),
    "LATEST": (("starts_at", "id"), (True, True)),
}
DIRECTORY: Final = {
    "field": (("fields_of_work",), _works_on),
    "memberClass": (("member_class",), _linked("member_class_id", "MemberClass")),
    "area": (("service_areas",), _works_around),
    "initial": (("name", "name_kana"), _in_row),
    "search": (("name", "name_kana", "services", "area"), _searched),
    "kind": (("kind",), _coded("kind")),
    "status": (("status",), _coded("status")),
}
WHATS_ON: Final = STATE | {
    "search": (("title", "title_kana", "description", "venue"), _searched),
    "when": (("starts_at", "ends_at"), _when),
    "kind": (("kind",), _coded("kind")),
    "series": (("series_first",), _linked("series_id", "Event")),
    "workingGroup": (("working_group",), _linked("working_group_id", "WorkingGroup")),
    "organiser": (("organiser",), _linked("organisation_id", "Organisation")),
}
BOARD: Final = STATE | {
    "workingGroupId": (("working_group",), _linked("working_group_id", "WorkingGroup")),
    "need": (("need_category",), _coded("need_category")),
    "urgency": (("urgency",), _coded("urgency")),
}
IN_GROUP: Final = {"workingGroup": (("working_group",), _linked("working_group_id", "WorkingGroup"))}
RESOURCES: Final = {
    "search": (("name", "name_kana", "description", "eligibility"), _searched),
    "kind": (("kind",), _coded("kind")),
    "organisation": (("organisation",), _linked("organisation_id", "Organisation")),
    "area": (("areas",), _serves),
    "language": (("languages",), _speaks),
    "openNow": (("open_now",), _is_open),
}
UNREAD: Final = {"unread": (("read_at",), _unread)}
LINKS: Final = {"referralId": (("referral",), _linked("referral_id", "Referral"))}
ITEMS: Final = {"councilId": (("council",), _linked("council_id", "Council"))}
TEXTS: Final = STATE | {"edition": (("edition",), _coded("edition"))}
COURSES: Final = {"venueCategory": (("venue_category",), _coded("venue_category"))}
TARGETS: Final = {"fiscalYear": (("fiscal_year",), _equal("fiscal_year"))}
SURVEYS: Final = STATE | {"event": (("event",), _linked("event_id", "Event"))}
PEOPLE: Final = {
    "search": (("name", "name_kana"), _searched),
    "about": (("profile", "interests", "ask_me"), _about),
}
OLDEST: Final[Keys] = {"OLDEST": (("id",), (False,))}
NUMBERED: Final[Keys] = {"NUMBER": (("number", "id"), (False, False))}

MEETING_KEYS: Final[Keys] = {
    "LATEST": (("starts_at", "id"), (True, True)),
    "STARTS": (("starts_at", "id"), (False, False)),
}
POST_KEYS: Final[Keys] = {**NEWEST, "PINNED": (("is_pinned", "id"), (True, True))}
OF_GROUP: Final = {"workingGroupId": (("working_group",), _linked("working_group_id", "WorkingGroup"))}
MEETINGS: Final = STATE | OF_GROUP
DECISIONS: Final = OF_GROUP | {"outcome": (("outcome",), _coded("outcome"))}
PINNED: Final = {"pinned": (("is_pinned",), _is_pinned)}

LISTS: Final[Mapping[tuple[str, str], Rows]] = {
    ("Query", "organisations"): Rows("Organisation", _any, DIRECTORY, ORGANISATION_KEYS, "KANA"),
    ("Query", "people"): Rows("Person", _any, PEOPLE),
    ("Query", "applications"): Rows("Organisation", _applying, keys=OLDEST, order="OLDEST"),
    ("Query", "membershipConditions"): Rows(
        "MembershipCondition", _current, keys=NUMBERED, order="NUMBER", page=30
    ),
    ("Query", "memberClasses"): Rows("MemberClass", _given, keys=NUMBERED, order="NUMBER"),
    ("Organisation", "applicationPapers"): Rows("ApplicationPaper", _by("organisation_id"), page=30),
    ("Organisation", "agreements"): Rows("ConditionAgreement", _by("organisation_id"), page=30),
    ("Query", "seats"): Rows("Seat", _still_there, IN_GROUP),
    ("Query", "resources"): Rows("Resource", _any, RESOURCES, ORGANISATION_KEYS, "KANA"),
    ("Query", "events"): Rows("Event", _any, WHATS_ON, EVENT_KEYS, "STARTS"),
    ("Query", "places"): Rows(
        "Place",
        _any,
        STATE | {"quota": (("quota",), _coded("quota")), "event": (("event",), _linked("event_id", "Event"))},
        {**NEWEST, **NUMBERED},
    ),
    ("Query", "myEvents"): Rows("Event", _mine, {"when": WHATS_ON["when"]}, EVENT_KEYS, "STARTS"),
    ("Query", "myCalendarFeeds"): Rows("CalendarFeed", _of_asker),
    ("Query", "myPlaces"): Rows("Place", _own("organisation_id")),
    ("Query", "workingGroups"): Rows("WorkingGroup", _any, STATE | {"search": (("name",), _searched)}),
    ("Query", "myWorkingGroups"): Rows("WorkingGroup", _seated),
    ("Query", "board"): Rows("Referral", _posted, BOARD),
    ("Query", "referralsSent"): Rows("Referral", _own("sender_id"), STATE),
    ("Query", "referralsReceived"): Rows("Referral", _addressed, STATE),
    ("Query", "referralsPastDue"): Rows("Referral", lambda _, __, row: row["past_due"], STATE),
    ("Query", "myCases"): Rows("Case", _own("organisation_id"), STATE),
    ("Query", "councils"): Rows("Council", _any),
    ("Query", "councilItems"): Rows("CouncilItem", _any, ITEMS),
    ("Query", "answerLinks"): Rows("AnswerLink", _any, LINKS),
    ("Query", "sittings"): Rows("Sitting", _any),
    ("Query", "breakGlasses"): Rows("BreakGlass", _any),
    ("Query", "breakGlassesToReview"): Rows("BreakGlass", lambda _, __, row: row["reviewed_at"] is None),
    ("Query", "helpRequests"): Rows("HelpRequest", _own("organisation_id"), STATE),
    ("Query", "courseTexts"): Rows("CourseText", _any, TEXTS),
    ("Query", "courses"): Rows("Course", _any, COURSES),
    ("Query", "dispatches"): Rows("Dispatch", _any, STATE),
    ("Query", "trainingTargets"): Rows("TrainingTarget", _any, TARGETS),
    ("Query", "surveys"): Rows("Survey", _any, SURVEYS),
    ("Course", "dispatches"): Rows("Dispatch", _by("course_id")),
    ("Course", "certificates"): Rows("Certificate", _by("course_id")),
    ("Survey", "answers"): Rows("SurveyAnswer", _by("survey_id")),
    ("Query", "erasures"): Rows("Erasure", _any, STATE),
    ("Query", "policyHistory"): Rows("PolicyEdition", _any),
    ("Query", "myWebhooks"): Rows("Webhook", _kept),
    ("Inbox", "notices"): Rows("Notice", _by("person_id"), UNREAD),
    ("Organisation", "people"): Rows("Person", _works_there, paged=False),
    ("WorkingGroup", "seats"): Rows("Seat", _not_ended),
    ("WorkingGroup", "seatRequests"): Rows("SeatRequest", _by("working_group_id")),
    ("WorkingGroup", "posts"): Rows("Post", _by("working_group_id"), PINNED, POST_KEYS),
    ("WorkingGroup", "unreadPosts"): Rows("Post", _unread_post),
    ("WorkingGroup", "charters"): Rows("Charter", _by("working_group_id")),
    ("WorkingGroup", "files"): Rows("File", _by("working_group_id")),
    ("Post", "comments"): Rows("Comment", _by("post_id"), keys=OLDEST, order="OLDEST"),
    ("Post", "files"): Rows("File", _by("post_id")),
    ("Query", "myMeetings"): Rows("Meeting", _invites_asker, {}, MEETING_KEYS, "LATEST"),
    ("Query", "meetings"): Rows("Meeting", _any, MEETINGS, MEETING_KEYS, "LATEST"),
    ("Query", "decisions"): Rows("Decision", _any, DECISIONS),
    ("Meeting", "invited"): Rows("Seat", _invited),
    ("Meeting", "attendance"): Rows("Attendance", _by("meeting_id")),
    ("Meeting", "decisions"): Rows("Decision", _by("meeting_id")),
    ("Meeting", "files"): Rows("File", _by("meeting_id")),
    ("Minutes", "files"): Rows("File", _by("minutes_id")),
    ("Decision", "votes"): Rows("Vote", _by("decision_id")),
    ("Event", "occurrences"): Rows("EventOccurrence", _kept_day, keys=NUMBERED, order="NUMBER", paged=False),
    ("Event", "places"): Rows(
        "Place", _by("event_id"), STATE | {"quota": (("quota",), _coded("quota"))}, {**NEWEST, **NUMBERED}
    ),
    ("Event", "allOccurrences"): Rows(
        "EventOccurrence", _by("event_id"), keys=NUMBERED, order="NUMBER", paged=False
    ),
    ("Event", "coHosts"): Rows(
        "Organisation", lambda _, parent, row: row["id"] in parent["co_host_ids"], paged=False
    ),
    ("Consent", "recipients"): Rows(
        "Organisation", _beside("consent_recipient", "consent_id", "organisation_id"), paged=False
    ),
    ("Council", "members"): Rows("CouncilMember", _by("council_id"), page=100, paged=False),
    ("CouncilItem", "assigned"): Rows(
        "Organisation",
        _beside("council_assignment", "council_item_id", "organisation_id"),
        page=50,
        paged=False,
    ),
    ("Sitting", "organisations"): Rows(
        "Organisation", _beside("sitting_body", "sitting_id", "organisation_id"), page=50, paged=False
    ),
    ("Sitting", "participants"): Rows(
        "Person", _beside("sitting_participant", "sitting_id", "person_id"), page=100, paged=False
    ),
    ("Sitting", "referrals"): Rows(
        "Referral", _beside("sitting_referral", "sitting_id", "referral_id"), page=50, paged=False
    ),
    ("BreakGlass", "namedPeople"): Rows(
        "Person", _beside("break_glass_person", "break_glass_id", "person_id"), paged=False
    ),
    ("Disclosure", "recipients"): Rows(
        "Organisation", lambda _, parent, row: row["id"] == parent["recipient_id"], paged=False
    ),
    ("Referral", "notes"): Rows("CardNote", _by("referral_id"), page=3, paged=False),
    ("Referral", "offers"): Rows("Offer", _by("referral_id"), paged=False),
    ("Referral", "questions"): Rows("Question", _by("referral_id"), paged=False),
    ("Referral", "history"): Rows("ReferralEvent", _by("referral_id"), paged=False),
    ("Referral", "disclosures"): Rows("Disclosure", _by("referral_id"), paged=False),
    ("Referral", "corrections"): Rows("Correction", _by("referral_id"), paged=False),
    ("Referral", "accessLog"): Rows("AccessEntry", _by("referral_id"), paged=False),
    ("HelpRequest", "accessLog"): Rows("RequestAccess", _by("request_id"), paged=False),
    ("Case", "referrals"): Rows("Referral", _by("case_id"), paged=False),
    ("Case", "consents"): Rows("Consent", _by("case_id"), paged=False),
    ("Case", "accessLog"): Rows("AccessEntry", _by("case_id"), paged=False),
}
CURRENT: Final[Mapping[str, Callable[[Asked], tuple[str, Any]]]] = {
    "me": lambda asked: ("Person", asked.judge.viewer.person_id),
    "myOrganisation": lambda asked: ("Organisation", asked.judge.viewer.organisation_id),
    "platform": lambda asked: ("Platform", asked.judge.world.tenant_id),
    "inbox": lambda asked: ("Inbox", asked.judge.viewer.person_id),
    "referralTerms": lambda asked: ("ReferralTerms", asked.judge.world.tenant_id),
    "policyDraft": lambda asked: ("PolicyDraft", asked.judge.world.tenant_id),
}
BY_ID: Final[Mapping[str, str | None]] = {
    "node": None,
    "event": "Event",
    "resource": "Resource",
    "workingGroup": "WorkingGroup",
    "seat": "Seat",
    "post": "Post",
    "file": "File",
    "meeting": "Meeting",
    "minutes": "Minutes",
    "decision": "Decision",
    "organisation": "Organisation",
    "person": "Person",
    "referral": "Referral",
    "case": "Case",
    "consent": "Consent",
    "council": "Council",
    "councilItem": "CouncilItem",
    "sitting": "Sitting",
    "breakGlass": "BreakGlass",
    "helpRequest": "HelpRequest",
    "survey": "Survey",
    "courseText": "CourseText",
    "course": "Course",
    "dispatch": "Dispatch",
    "erasure": "Erasure",
}
