"""What of the schema does not follow the convention that a field is its column in snake case."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from libs.tenancy.viewer import JAPAN
from services.platform.councils.schema.notice import HEAD
from services.platform.notices.models.kinds import GROUPS, KINDS
from tests.oracle.facts import holds_today, is_listed, is_live, was_admitted
from tests.oracle.moments import NOW, TODAY
from tests.oracle.seeing import Asked, Thing
from tests.reading.world import Row

POLICY_NAMES: Final[Mapping[tuple[str, str], str]] = {
    ("Platform", "municipalityCodes"): "municipality_code",
    ("Platform", "cardScan"): "settings",
    ("Platform", "accessAfterEndDays"): "settings",
    ("Platform", "answerWorkingDays"): "settings",
    ("Platform", "confirmDays"): "settings",
    ("Platform", "helpDesk"): "help_page",
    ("Platform", "helpIntroduction"): "help_page",
    ("Platform", "helpLines"): "help_page",
    ("Platform", "helpKeepDays"): "settings",
    ("Platform", "helpMostSent"): "settings",
    ("Platform", "answerLinkHours"): "settings",
    ("Platform", "answerLinkCode"): "settings",
    ("Platform", "answerLinksAutomatic"): "settings",
    ("Platform", "caseRetentionDays"): "settings",
    ("Platform", "paperRetentionDays"): "settings",
    ("Platform", "fileMebibytes"): "settings",
    ("Platform", "organisationFileMebibytes"): "settings",
    ("PolicyEdition", "overrides"): "text",
    ("PolicyEdition", "changesJa"): "changes",
    ("PolicyEdition", "changesEn"): "changes",
    ("PolicyEdition", "author"): "published_by",
    ("PolicyEdition", "at"): "created_at",
    ("PolicyDraft", "changesJa"): "changes",
    ("PolicyDraft", "changesEn"): "changes",
    ("Survey", "answerCount"): "results",
    ("Survey", "readable"): "results",
    ("Inbox", "language"): "preferences",
    **{("Inbox", f"mail{group.capitalize()}"): "preferences" for group in GROUPS},
}
LINKS: Final[Mapping[tuple[str, str], str]] = {
    ("Event", "organiser"): "organisation_id",
    ("Event", "seriesFirst"): "series_id",
    ("Survey", "organiser"): "organisation_id",
    ("Event", "report"): "id",
    ("Dispatch", "lecturer"): "person_id",
}
"""The column of a link that is not named as the field is."""
ENUM_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "Audience": {"npo": "PUBLIC_SECTOR_AND_NPOS", "public": "PUBLIC_SECTOR"}
}

LEFT_OUT: Final[Mapping[tuple[str, str], str]] = {
    ("Query", "myPlatforms"): "no tenant's data: answered by graphql-core in the product too",
    (
        "Query",
        "accessTable",
    ): "no rows: made by graphql-core in the product too (tests/policies)",
    ("Query", "library"): "no tenant's rows: made by graphql-core in the product too (tests/practices)",
    ("Query", "offeredPractices"): "likewise",
    ("Query", "unmetNeeds"): "counts of events and no rows: made by graphql-core (tests/referrals)",
    ("Query", "trainingReport"): "counts of reports and no rows: made by graphql-core (tests/training)",
    ("Query", "surveyResults"): "counts of answers and no rows: made by graphql-core (tests/surveys)",
    ("*", "viewerCan"): "compared with what the mutations themselves accept (tests/acting)",
}
"""What the oracle does not answer, each with its reason; `*` is any type. It may only shrink."""


def is_left_out(type_name: str, field: str) -> bool:
    return not LEFT_OUT.keys().isdisjoint({(type_name, field), ("*", field)})


def _first_membership(asked: Asked, person: Row) -> Row | None:
    """The one in the asker's own organisation, else the earliest."""
    live = [row for row in asked.judge.world.all("membership") if row["person_id"] == person["id"]]
    own = asked.judge.viewer.organisation_id
    ordered = sorted(
        (row for row in live if is_live(row)),
        key=lambda row: (own is None or row["organisation_id"] != own, row["since"], row["id"]),
    )
    return ordered[0] if ordered else None


def _roles(asked: Asked, row: Row) -> list[str] | None:
    membership = _first_membership(asked, row)
    return None if membership is None else membership["roles"]


def _employer(asked: Asked, row: Row) -> Thing | None:
    membership = _first_membership(asked, row)
    return None if membership is None else asked.of("Organisation", membership["organisation_id"])


def _coordinates(asked: Asked, row: Row) -> bool:
    terms = asked.judge.world.all("coordinator_appointment")
    return any(term["person_id"] == row["id"] and is_live(term) for term in terms)


def _member_since(_: Asked, row: Row) -> Any:
    return row["decided_at"] if was_admitted(row) else None


def _chair(asked: Asked, row: Row) -> Thing | None:
    chairs = [
        seat
        for seat in asked.judge.world.all("seat")
        if seat["working_group_id"] == row["id"] and seat["is_chair"] and holds_today(seat)
    ]
    newest = max(chairs, key=lambda seat: seat["id"], default=None)
    return None if newest is None else asked.of("Organisation", newest["organisation_id"])


def _persons(asked: Asked, row: Row, *states: str, quota: str | None = None) -> int:
    return sum(
        each["count"]
        for each in asked.judge.world.all("place")
        if each["event_id"] == row["id"] and each["state"] in states and quota in (None, each["quota"])
    )


def _places_left(asked: Asked, row: Row) -> int | None:
    """Each quota first uses up its own reserved places; what none is reserved of is common."""
    if not row["reservable"] or row["capacity"] is None:
        return None
    quotas = ("host", "organisations", "residents")
    held = {quota: _persons(asked, row, "offered", "taken", quota=quota) for quota in quotas}
    reserved = {quota: row[f"reserved_{quota}"] for quota in quotas}
    common = row["capacity"] - sum(reserved.values())
    common -= sum(max(held[quota] - reserved[quota], 0) for quota in quotas)
    own = asked.judge.viewer.organisation_id
    hosts = own is not None and own in (row["organisation_id"], *row["co_host_ids"])
    mine = "residents" if own is None else "host" if hosts else "organisations"
    return max(common, 0) + max(reserved[mine] - held[mine], 0)


def _speakers(_: Asked, row: Row) -> Any:
    return [each for each in json.loads(row["speakers"]) if each["shown"]]


def _next_review(_: Asked, row: Row) -> Any:
    """The first turn that is not over."""
    if row["review_every_days"] is None or row["review_from"] is None:
        return None
    day = row["review_from"]
    while day < TODAY:
        day += timedelta(days=row["review_every_days"])
    return day


def _is_open(_: Asked, row: Row) -> bool | None:
    if row["open_times_until"] is None or row["open_times_until"] < TODAY:
        return None
    return any(span.lower <= NOW < span.upper for span in row["open_times"])


def _next_opening(_: Asked, row: Row) -> Any:
    """Of what is still to come the first, unless it is open already."""
    ahead = [max(span.lower, NOW) for span in row["open_times"] if span.upper > NOW]
    return min(ahead) if ahead and min(ahead) > NOW else None


def _is_stale(_: Asked, row: Row) -> bool:
    return row["verified_on"] is None or row["verified_on"] < TODAY - timedelta(days=180)


def _basis_ends(asked: Asked, row: Row) -> Any:
    consent = asked.judge.parent("consent", row["consent_id"])
    return None if consent is None else consent["valid_until"]


def _reported(asked: Asked, row: Row, column: str) -> Any:
    """Of the newest report."""
    told = [each for each in asked.judge.world.all("course_report") if each["course_id"] == row["id"]]
    newest = max(told, key=lambda each: (each["reported_on"], each["id"]), default=None)
    return None if newest is None else newest[column]


def _held_on(asked: Asked, row: Row) -> Any:
    return asked.judge.world.rows["event"][row["event_id"]]["starts_at"].astimezone(JAPAN).date()


def _course_state(asked: Asked, row: Row) -> str:
    of = asked.judge.world.rows["event"][row["event_id"]]
    if of["state"] == "cancelled":
        return "cancelled"
    if _reported(asked, row, "heads") is not None:
        return "reported"
    if of["state"] == "draft":
        return "planned"
    return "held" if of["over_at"] <= NOW else "announced"


def _answers(asked: Asked, row: Row) -> int:
    return sum(each["survey_id"] == row["id"] for each in asked.judge.world.all("survey_answer"))


def _help_lines(_: Asked, row: Row) -> Any:
    return json.loads(row["help_lines"])


def _preferred(asked: Asked, person: Any, column: str) -> Any:
    chosen = asked.judge.parent("notice_preference", person)
    return None if chosen is None else chosen[column]


def _mail(group: str) -> Callable[[Asked, Row], Any]:
    return lambda asked, row: _preferred(asked, row["id"], f"mail_{group}")


def _unread(asked: Asked, row: Row) -> int:
    notices = asked.judge.world.all("notice")
    return sum(each["person_id"] == row["id"] and each["read_at"] is None for each in notices)


def _text(asked: Asked, row: Row) -> str:
    kind = KINDS[row["kind"]]
    return kind.en if _preferred(asked, row["person_id"], "language") == "en" else kind.ja


def _public_notice(asked: Asked, row: Row) -> str:
    """Who is on the list today; the agency only while it is one of them."""
    world = asked.judge.world
    listed = {
        each["organisation_id"]
        for each in world.all("council_member")
        if each["council_id"] == row["id"] and is_listed(each)
    }
    # a membership that begins anew stands on the list twice
    names = [
        world.rows["organisation"][each["organisation_id"]]
        for each in world.all("council_member")
        if each["council_id"] == row["id"] and is_listed(each)
    ]
    names.sort(key=lambda organisation: (organisation["sort_key"], organisation["id"]))
    agency = row["coordinating_agency_id"]
    on = row["established_on"]
    return (
        f"{HEAD}一 設置した旨: {on.year}年{on.month}月{on.day}日に設置\n二 名称: {row['name']}\n"
        f"三 孤独・孤立対策調整機関: "
        f"{world.rows['organisation'][agency]['name'] if agency in listed else '(指定なし)'}\n"
        f"四 構成する関係機関等: {'、'.join(each['name'] for each in names) or '(なし)'}"
    )


def _assignee(asked: Asked, row: Row) -> Thing | None:
    """As long as they still act for the recipient."""
    for each in asked.judge.world.all("assignment"):
        if each["referral_id"] == row["id"] and each["superseded_at"] is None:
            works = each["organisation_id"] in asked.judge.employers(each["person_id"])
            return asked.of("Person", each["person_id"]) if works else None
    return None


def _waiting(stamp: str) -> Callable[[Asked, Row], bool]:
    return lambda _, row: row[stamp] is not None


def _votes(choice: str) -> Callable[[Asked, Row], Any]:
    return lambda asked, row: sum(
        each["decision_id"] == row["id"] and each["choice"] == choice
        for each in asked.judge.world.all("vote")
    )


def _agreements(asked: Asked, row: Row) -> int:
    return sum(each["minutes_id"] == row["id"] for each in asked.judge.world.all("minutes_agreement"))


def _minutes_of(asked: Asked, row: Row) -> Thing | None:
    written = (each for each in asked.judge.world.all("minutes") if each["meeting_id"] == row["id"])
    return asked.seen("Minutes", next(written, None))


def _overrides(_: Asked, row: Row) -> Any:
    return json.loads(row["overrides"])


def _caseworker(asked: Asked, row: Row) -> Thing | None:
    """As long as they still act for who keeps the case."""
    works = row["organisation_id"] in asked.judge.employers(row["caseworker_id"])
    return asked.of("Person", row["caseworker_id"]) if works else None


def _link_state(asked: Asked, row: Row) -> str:
    waits = row["expires_at"] > NOW
    return row["end_code"] or ("waiting" if waits else "expired")


COMPUTED: Final[Mapping[tuple[str, str], Callable[[Asked, Row], Any]]] = {
    ("Person", "roles"): _roles,
    ("Person", "isCoordinator"): _coordinates,
    ("Person", "organisation"): _employer,
    ("Organisation", "memberSince"): _member_since,
    ("Platform", "name"): lambda asked, _: asked.judge.world.register["name"],
    ("Platform", "kind"): lambda asked, _: asked.judge.world.register["kind"],
    ("Platform", "municipalityCodes"): lambda asked, _: asked.judge.world.register["codes"],
    ("WorkingGroup", "chair"): _chair,
    ("Event", "attendeeCount"): lambda asked, row: _persons(asked, row, "taken"),
    ("Event", "waitingList"): lambda asked, row: _persons(asked, row, "waiting"),
    ("Event", "speakers"): _speakers,
    ("Event", "allSpeakers"): lambda _, row: json.loads(row["speakers"]),
    ("Event", "questions"): lambda _, row: json.loads(row["questions"]),
    ("Meeting", "minutes"): _minutes_of,
    ("Minutes", "agreements"): _agreements,
    ("Decision", "inFavour"): _votes("in_favour"),
    ("Decision", "against"): _votes("against"),
    ("Decision", "abstained"): _votes("abstained"),
    ("Event", "placesLeft"): _places_left,
    ("Person", "photo"): lambda _, row: f"photo_{row['id']}" if row["photo_object_id"] else None,
    ("Person", "termFrom"): lambda asked, row: (_first_membership(asked, row) or {}).get("term_from"),
    ("Person", "termUntil"): lambda asked, row: (_first_membership(asked, row) or {}).get("term_until"),
    ("Platform", "nextReviewOn"): _next_review,
    ("Resource", "hours"): lambda _, row: json.loads(row["hours"]),
    ("Resource", "openNow"): _is_open,
    ("Resource", "nextOpening"): _next_opening,
    ("Resource", "isStale"): _is_stale,
    ("Referral", "basisValidUntil"): _basis_ends,
    ("Council", "publicNotice"): _public_notice,
    ("AccessEntry", "byLink"): lambda _, row: row["link_id"] is not None,
    ("Referral", "assignee"): _assignee,
    ("Case", "caseworker"): _caseworker,
    ("AnswerLink", "state"): _link_state,
    ("AnswerLink", "usedAt"): lambda _, row: row["ended_at"] if row["end_code"] == "answered" else None,
    ("Referral", "questionOpen"): _waiting("question_asked_at"),
    ("Referral", "approvalAsked"): _waiting("approval_asked_at"),
    ("Referral", "reopenAsked"): _waiting("reopen_asked_at"),
    ("Referral", "voidAsked"): _waiting("void_asked_at"),
    ("Platform", "helpLines"): _help_lines,
    ("PolicyEdition", "overrides"): _overrides,
    ("PolicyDraft", "overrides"): _overrides,
    ("Course", "state"): _course_state,
    ("Course", "heldOn"): _held_on,
    ("Course", "heads"): lambda asked, row: _reported(asked, row, "heads"),
    ("Course", "reportedOn"): lambda asked, row: _reported(asked, row, "reported_on"),
    ("Survey", "questions"): lambda _, row: json.loads(row["questions"]),
    ("Survey", "answerCount"): _answers,
    ("SurveyAnswer", "answers"): lambda _, row: json.loads(row["answers"]),
    ("Inbox", "unread"): _unread,
    ("Inbox", "language"): lambda asked, row: _preferred(asked, row["id"], "language") or "ja",
    **{("Inbox", f"mail{group.capitalize()}"): _mail(group) for group in GROUPS},
    ("Notice", "text"): _text,
}
