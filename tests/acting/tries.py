"""Every step tried over HTTP, for real but for the commit: the audit's last statement is where it ends."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

import pytest

from libs.errors.problems import Problem
from libs.persistence.actor import SYSTEM
from libs.persistence.work import Work
from tests.acting.city import ATTENDANCE_CODE, City, Row
from tests.events.stage import a_talk, in_days
from tests.referrals.conftest import ASK
from tests.resources.said import a_place
from tests.stage.stage import Person
from tests.surveys.stage import a_form
from tests.training.stage import a_text, details

Input = dict[str, Any]
REFUSALS: Final = {"NotFound", "NotAllowed", "WrongState", "AlreadyExists"}
WHY: Final = {"code": "SUPPORT"}
PLAN: Final = {
    "title": "部会",
    "startsAt": "2099-04-01T10:00:00+09:00",
    "endsAt": "2099-04-01T12:00:00+09:00",
}
ABSENT: Final = "01890000-0000-7000-8000-000000000000"


class Trial(Problem):
    """All is done and nothing is kept."""

    code = "TRIAL"

    def __init__(self) -> None:
        super().__init__("試行", "trial")


def only_try(patch: pytest.MonkeyPatch) -> None:
    """From now on no person's work is committed; one that would have been says so."""

    async def seal(work: Work) -> None:
        if work.actor != SYSTEM and not any(entry.action.startswith("refused:") for entry in work.entries):
            raise Trial

    patch.setattr(Work, "seal", seal)


async def passes(person: Person, mutation: str, inputs: Iterable[Input]) -> bool:
    """Whether one of the inputs is accepted. All are in order, so that only the step can be refused."""
    for each in inputs:
        answer = await _answer(person, mutation, each)
        if answer == Trial.code:
            return True
        assert answer in REFUSALS, (person.subject, mutation, each, answer)
    return False


async def _answer(person: Person, mutation: str, given: Input) -> str:
    kind = INPUT_TYPES.get(mutation, f"{mutation[0].upper()}{mutation[1:]}Input")
    text = f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ __typename }} }}"
    said = await person.ask(text, input=given)
    if "errors" in said.body:
        # who belongs nowhere acts nowhere
        return "NotFound" if said.code == "UNAUTHENTICATED" else said.code
    name: str = said.data[mutation]["__typename"]
    return name


INPUT_TYPES: Final = {
    **dict.fromkeys(
        (
            "takeBackBasis",
            "approveCard",
            "resume",
            "requestReopen",
            "reopen",
            "requestTransfer",
            "withdrawTransferRequest",
            "requestVoid",
        ),
        "ReferralInput",
    ),
    **dict.fromkeys(("acceptPlaces", "approvePlaces", "declinePlaces"), "PlaceInput"),
    "askQuestion": "QuestionTextInput",
    "answerQuestion": "QuestionTextInput",
    "closeCase": "CaseInput",
    "reopenCase": "CaseInput",
    "withdrawApplication": "OrganisationInput",
    "suspendMember": "OrganisationInput",
    "reinstateMember": "OrganisationInput",
    "leave": "OrganisationInput",
    "endMembership": "OrganisationInput",
    "approveMember": "ReviewInput",
    "declineMember": "DeclineInput",
    "invitePerson": "InviteInput",
    "endResource": "ResourceInput",
    "verifyResource": "ResourceInput",
    "sayResourceCapacity": "ResourceCapacityInput",
    "cancelMeeting": "MeetingInput",
    "holdMeeting": "MeetingInput",
    "attachAgenda": "AttachPaperInput",
    "attachToMinutes": "AttachPaperInput",
    **dict.fromkeys(("removeMinutes", "agreeMinutes", "publishMinutes"), "MinutesInput"),
    "declineSeatRequest": "SeatRequestInput",
    "withdrawSeatRequest": "SeatRequestInput",
    "assignItem": "ItemAssignmentInput",
    "unassignItem": "ItemAssignmentInput",
    "confirmErasure": "ErasureInput",
    "takeBackErasure": "ErasureInput",
}
Tried = tuple[str, list[Input]]
"""A mutation, and inputs of which one must do where the step is open."""
Try = Callable[[City, Row, str], Tried]


def _excused(city: City, _: Row, identity: str) -> Tried:
    hana = city.loop.organisations["hana"]
    return "markAttendance", [{"id": identity, "organisationId": hana, "standing": "APOLOGY"}]


def _plain(mutation: str, /, **more: Any) -> Try:
    return lambda _, row, identity: (mutation, [{"id": identity, "version": row["version"], **more}])


def _of(mutation: str, name: str, /, **more: Any) -> Try:
    """The row under another name, without its version."""
    return lambda _, __, identity: (mutation, [{name: identity, **more}])


def _each(mutation: str, name: str, other: str, table: str, /, **more: Any) -> Try:
    """With every row of another table in turn."""
    return lambda city, _, identity: (
        mutation,
        [{name: identity, other: each, **more} for each in city.ids(table)],
    )


def _revealed(mutation: str, level: str) -> Try:
    return _of(mutation, "id", level=level, purpose=WHY)


def _offers(city: City, row: Row, identity: str) -> Tried:
    at = {"id": identity, "version": row["version"]}
    known = [each["id"] for each in city.all("offer") if each["referral_id"] == row["id"]]
    return "chooseOffer", [{**at, "offerId": f"offer_{each}"} for each in [*known, ABSENT]]


def _recipients(city: City, row: Row, identity: str) -> Tried:
    at = {"id": identity, "version": row["version"]}
    others = [each for each in city.ids("organisation") if str(row["sender_id"]) not in each]
    return "requestBasis", [{**at, "recipientId": each} for each in others]


def _consents(city: City, row: Row, identity: str) -> Tried:
    """The newest consent of the case, which names its recipients and is not withdrawn."""
    at = {"id": identity, "version": row["version"]}
    of_case = [each["id"] for each in city.all("consent") if each["case_id"] == row["case_id"]]
    chosen = max(of_case) if of_case else ABSENT
    return "sendReferral", [{**at, "consentId": f"consent_{chosen}"}]


def _rebased(city: City, row: Row, identity: str) -> Tried:
    _, inputs = _consents(city, row, identity)
    return "rebaseReferral", inputs


def _brought(city: City, row: Row, identity: str) -> Tried:
    at = {"id": identity, "version": row["version"], "items": ["NARRATIVE"]}
    return "bringToCouncil", [{**at, "councilId": each} for each in city.ids("council")]


def _before_sitting(city: City, row: Row, identity: str) -> Tried:
    """Those for which the sender was picked and that are still to be held."""
    at = {"id": identity, "version": row["version"], "items": ["NARRATIVE"]}
    picked = {
        each["sitting_id"] for each in city.all("sitting_body") if each["organisation_id"] == row["sender_id"]
    }
    called = [each["id"] for each in city.all("sitting") if each["state"] == "called"]
    return "bringToSitting", [
        {**at, "sittingId": f"sitting_{each}"} for each in [*called, ABSENT] if each in {*picked, ABSENT}
    ]


def _in_danger(city: City, row: Row, identity: str) -> Tried:
    """Somebody of the city's own department is named."""
    government = {each["id"] for each in city.all("organisation") if each["kind"] == "government"}
    person = next(
        each["person_id"] for each in city.all("membership") if each["organisation_id"] in government
    )
    danger = {"reason": "安否不明", "personIds": [f"person_{person}"], "items": ["NARRATIVE"]}
    return "openBreakGlass", [{"id": identity, "version": row["version"], "danger": danger}]


def _of_organisation(mutation: str, who: str, name: str = "id", *, versioned: bool = True) -> Try:
    """With one organisation, by who acts for it."""

    def make(city: City, row: Row, identity: str) -> Tried:
        at = {name: identity, "organisationId": city.loop.organisations[who]}
        return mutation, [at | ({"version": row["version"]} if versioned else {})]

    return make


def _picked(city: City, row: Row, identity: str) -> Tried:
    """One not picked yet; Mori's own only where nothing was brought before it."""
    picked = {
        f"organisation_{each['organisation_id']}"
        for each in city.all("sitting_body")
        if each["sitting_id"] == row["id"]
    }
    own = (city.loop.organisations[name] for name in ("hana", "mori"))
    chosen = next(each for each in own if each not in picked)
    return "pickBody", [{"id": identity, "organisationId": chosen, "version": row["version"]}]


def _recorded(city: City, row: Row, identity: str) -> Tried:
    """With whoever is of a body that was picked."""
    picked = {each["organisation_id"] for each in city.all("sitting_body") if each["sitting_id"] == row["id"]}
    person = next(each["person_id"] for each in city.all("membership") if each["organisation_id"] in picked)
    at = {"id": identity, "version": row["version"]}
    return "recordSitting", [{**at, "participantIds": [f"person_{person}"]}]


def _transferred(city: City, row: Row, identity: str) -> Tried:
    """To whoever asks for it, with the newest consent of the case."""
    of_case = [each["id"] for each in city.all("consent") if each["case_id"] == row["case_id"]]
    asking = [each for each in city.all("transfer_request") if each["referral_id"] == row["id"]]
    at = {
        "id": identity,
        "version": row["version"],
        "consentId": f"consent_{max([*of_case, ABSENT], key=str)}",
    }
    return "acceptTransfer", [
        {**at, "organisationId": f"organisation_{each}"}
        for each in [*(request["organisation_id"] for request in asking), ABSENT]
    ]


def _transfer_declined(city: City, row: Row, identity: str) -> Tried:
    _, answers = _transferred(city, row, identity)
    return "declineTransfer", [
        {name: value for name, value in each.items() if name != "consentId"} for each in answers
    ]


def _handed_on(city: City, row: Row, identity: str) -> Tried:
    at = {"id": identity, "version": row["version"]}
    ends = {str(row["sender_id"]), str(row["recipient_id"])}
    others = [each for each in city.ids("organisation") if each.rpartition("_")[2] not in ends]
    return "handOn", [{**at, "recipientId": each} for each in others]


def _consented(city: City, _: Row, identity: str) -> Tried:
    today = city.loop.today.isoformat()
    given = {
        "caseId": identity,
        "items": ["NARRATIVE"],
        "recipientIds": [city.loop.organisations["sato"]],
        "purpose": "見守り",
        "howObtained": "ORAL",
        "obtainedOn": today,
        "validUntil": today,
    }
    return "recordConsent", [given]


def _own_profile(_: City, row: Row, __: str) -> Tried:
    return "editProfile", [{"version": row["version"], "profile": "よろしく"}]


def _started(city: City, row: Row, identity: str) -> Tried:
    today = city.loop.today.isoformat()
    return "startSupport", [{"id": identity, "version": row["version"], "startedOn": today}]


def _posted(city: City, row: Row, identity: str) -> Tried:
    at = {"id": identity, "version": row["version"], "workingGroupId": city.loop.group}
    return "postToBoard", [at]


def _held(city: City, row: Row, identity: str) -> Tried:
    day = (city.loop.today + timedelta(days=3)).isoformat()
    return "hold", [{"id": identity, "version": row["version"], "code": "STAFFING", "reviewOn": day}]


def _with_each(mutation: str, other: str, table: str, /, **more: Any) -> Try:
    """With the row's version and every row of another table in turn."""
    return lambda city, row, identity: (
        mutation,
        [{"id": identity, "version": row["version"], other: each, **more} for each in city.ids(table)],
    )


def _previewed(name: str) -> Try:
    """At the platform, which everybody finds."""
    return lambda city, _, identity: (
        "accessPreview",
        [{name: identity, "on": city.ids("platform_settings", "platform")[0]}],
    )


def _handed_over(city: City, row: Row, identity: str) -> Tried:
    """Between any two who ever acted for it."""
    acted = [each["person_id"] for each in city.all("membership") if each["organisation_id"] == row["id"]]
    people = [f"person_{each}" for each in acted] or [f"person_{ABSENT}"]
    pairs = [(before, after) for before in people for after in people]
    at = {"organisationId": identity}
    return "handOver", [at | {"predecessorId": before, "successorId": after} for before, after in pairs]


A_CLASS: Final = {"name": "特別会員", "kinds": ["NPO"], "votes": False}
BREACH: Final = {
    "since": "2026-04-01T00:00:00Z",
    "until": "2026-04-02T00:00:00Z",
    "discoveredOn": "2026-04-03",
}
CARD: Final = {"needCategory": "FOOD", "ask": ASK}
TRIES: Final[Mapping[str, Mapping[str, Try]]] = {
    "Organisation": {
        "WITHDRAW_APPLICATION": _plain("withdrawApplication"),
        "APPROVE_MEMBER": _plain("approveMember"),
        "DECLINE_MEMBER": _plain("declineMember", reason="書類不足"),
        "SUSPEND_MEMBER": _plain("suspendMember"),
        "REINSTATE_MEMBER": _plain("reinstateMember"),
        "LEAVE": _plain("leave"),
        "END_MEMBERSHIP": _plain("endMembership"),
        "EDIT_ORGANISATION": _plain("editOrganisation", services="相談"),
        "ADD_PAPER": _each("addPaper", "organisationId", "uploadId", "upload", kind="OTHER", title="書類"),
        "SET_CAPACITY": _plain("setCapacity", capacity="LIMITED"),
        "SET_MEMBER_CLASS": _plain("setMemberClass"),
        "SET_TERM": _each("setTerm", "organisationId", "personId", "person"),
        "HAND_OVER": _handed_over,
        "PUBLISH_ORGANISATION": _plain("publishOrganisation", published=True),
        "INVITE_PERSON": _of("invitePerson", "organisationId", name="新しい人", roles=["REPRESENTATIVE"]),
        "SET_ROLES": _each("setRoles", "organisationId", "personId", "person", roles=["DESK"]),
        "PREVIEW_ACCESS": _previewed("asOrganisation"),
        "REMOVE_PERSON": _each("removePerson", "organisationId", "personId", "person"),
    },
    "Person": {
        "EDIT_PROFILE": _own_profile,
        "APPOINT_COORDINATOR": _of("appointCoordinator", "personId"),
        "DISMISS_COORDINATOR": _of("dismissCoordinator", "personId"),
        "PREVIEW_ACCESS": _previewed("asPerson"),
    },
    "Platform": {
        "CHANGE_SETTINGS": lambda _, row, __: ("changeSettings", [{"version": row["version"]}]),
        "SET_CONDITIONS": lambda _, row, __: (
            "setConditions",
            [{"version": row["version"], "texts": ["反社会的勢力ではない"]}],
        ),
        "KEEP_MEMBER_CLASSES": lambda _, __, ___: ("defineMemberClass", [{"memberClass": A_CLASS}]),
        "KEEP_HELP_PAGE": lambda _, row, __: ("keepHelpPage", [{"version": row["version"]}]),
        "CHANGE_REFERRAL_TERMS": lambda _, row, __: (
            "changeReferralTerms",
            [{"version": row["version"], "reviewDays": 30}],
        ),
        "BREACH_WORKSHEET": lambda _, __, ___: ("breachWorksheet", [BREACH]),
    },
    "Resource": {
        "EDIT_RESOURCE": _plain("editResource", resource=a_place()),
        "OFFER_RESOURCE": _plain("offerResource", toEverybody=False),
        "PUBLISH_RESOURCE": _plain("offerResource", toEverybody=True),
        "END_RESOURCE": _plain("endResource"),
        "SAY_RESOURCE_CAPACITY": _plain("sayResourceCapacity", capacity="LIMITED"),
        "VERIFY_RESOURCE": _plain("verifyResource"),
    },
    "WorkingGroup": {
        "EDIT_WORKING_GROUP": _plain("editWorkingGroup"),
        "PUBLISH_WORKING_GROUP": _plain("publishWorkingGroup", published=True),
        "OPEN_BOARD": _plain("openBoard", toCompanies=True),
        "NAME_CHAIR": _each("nameChair", "workingGroupId", "organisationId", "organisation"),
        "GIVE_SEAT": _each("giveSeat", "workingGroupId", "organisationId", "organisation"),
        "ASK_FOR_SEAT": _of("askForSeat", "workingGroupId"),
        "WRITE_POST": _of("writePost", "workingGroupId", audience="ALL", title="題", body="本文"),
        "UPLOAD_FILE": _each("uploadFile", "workingGroupId", "uploadId", "upload", audience="ALL"),
        "ADOPT_CHARTER": _of("adoptCharter", "workingGroupId", body="規約"),
        "CALL_MEETING": _of("callMeeting", "workingGroupId", plan=PLAN),
    },
    "Seat": {"END_SEAT": _plain("endSeat")},
    "SeatRequest": {
        "DECLINE_SEAT_REQUEST": _plain("declineSeatRequest"),
        "WITHDRAW_SEAT_REQUEST": _plain("withdrawSeatRequest"),
    },
    "Post": {
        "EDIT_POST": _plain("editPost"),
        "REMOVE_POST": _plain("removePost"),
        "PIN_POST": _plain("pinPost", pinned=True),
        "WRITE_COMMENT": _of("writeComment", "postId", body="コメント"),
        "ATTACH_FILE": _each("attachFile", "postId", "uploadId", "upload"),
    },
    "Comment": {
        "EDIT_COMMENT": _plain("editComment", body="直したコメント"),
        "REMOVE_COMMENT": _plain("removeComment"),
    },
    "ApplicationPaper": {"REMOVE_PAPER": _plain("removePaper")},
    "File": {"EDIT_FILE": _plain("editFile"), "REMOVE_FILE": _plain("removeFile")},
    "Meeting": {
        "EDIT_MEETING": _plain("editMeeting", plan=PLAN),
        "CANCEL_MEETING": _plain("cancelMeeting"),
        "ANSWER_MEETING": _of("answerMeeting", "id", comes=True),
        "MARK_ATTENDANCE": _excused,
        "HOLD_MEETING": _plain("holdMeeting"),
        "ATTACH_AGENDA": _each("attachAgenda", "id", "uploadId", "upload"),
        "WRITE_MINUTES": _of("writeMinutes", "meetingId", audience="ALL", title="議事録", body="本文"),
        "RECORD_DECISION": _of("recordDecision", "meetingId", title="分担", outcome="NOTED"),
    },
    "Minutes": {
        "EDIT_MINUTES": _plain("editMinutes"),
        "REMOVE_MINUTES": _plain("removeMinutes"),
        "AGREE_MINUTES": _plain("agreeMinutes"),
        "PUBLISH_MINUTES": _plain("publishMinutes"),
        "ATTACH_TO_MINUTES": _each("attachToMinutes", "id", "uploadId", "upload"),
    },
    "Decision": {"PUBLISH_DECISION": _plain("publishDecision", published=True)},
    "Event": {
        "EDIT_EVENT": _plain("editEvent", event=a_talk(capacity=1_000)),
        "ANNOUNCE_EVENT": _plain("publishEvent", toEverybody=False),
        "PUBLISH_EVENT": _plain("publishEvent", toEverybody=True),
        "CANCEL_EVENT": _plain("cancelEvent"),
        "STEP_DOWN_AS_CO_HOST": _plain("stepDownAsCoHost"),
        "TAKE_PLACES": _of("takePlaces", "eventId", count=1),
        "WAIT_FOR_PLACES": _of("takePlaces", "eventId", count=1, wait=True),
        "OPEN_ATTENDANCE": _plain("openAttendance"),
        "RECORD_ATTENDANCE_LIST": _of("recordAttendanceList", "eventId", places=[]),
        "REVEAL_PARTICIPANTS": _of("revealParticipants", "eventId"),
        "REPORT_EVENT": _of("reportEvent", "eventId", summary="よい会でした。"),
    },
    "Place": {
        "GIVE_UP_PLACES": _plain("giveUpPlaces"),
        "ACCEPT_PLACES": _plain("acceptPlaces"),
        "CHANGE_PLACES": _plain("changePlaces", count=1),
        "APPROVE_PLACES": _plain("approvePlaces"),
        "DECLINE_PLACES": _plain("declinePlaces"),
        "ATTEND_WITH_CODE": _of("attendWithCode", "id", code=ATTENDANCE_CODE, attended=1),
        "RECORD_ATTENDANCE": _plain("recordAttendance", attended=1),
    },
    "CalendarFeed": {"REVOKE_CALENDAR_FEED": _plain("revokeCalendarFeed")},
    "Case": {
        "ASSIGN_CASE": _with_each("assignCase", "personId", "person"),
        "KEEP_CASE": _plain("keepCase", person={"narrative": "…"}),
        "RECORD_CONSENT": _consented,
        "CREATE_REFERRAL": _of("createReferral", "caseId", card=CARD),
        "CLOSE_CASE": _plain("closeCase"),
        "REOPEN_CASE": _plain("reopenCase"),
        "REVEAL_NARRATIVE": _revealed("revealCase", "L2"),
        "REVEAL_IDENTITY": _revealed("revealCase", "L3"),
        "REVEAL_SAFETY": _revealed("revealCase", "L4"),
        "EXPORT_PERSON": _of("exportPerson", "caseId", purpose=WHY),
        "CORRECT_CASE": _plain("correctCase", reason="CHANGED", person={"narrative": "…"}),
        "ERASE_CASE": _plain("eraseCase", reason="MISTAKEN"),
        "EXPORT_ACCESS_LOG": _of("exportAccessLog", "of"),
    },
    "Erasure": {
        "CONFIRM_ERASURE": _plain("confirmErasure"),
        "TAKE_BACK_ERASURE": _plain("takeBackErasure"),
    },
    "CourseText": {
        "EDIT_COURSE_TEXT": _plain("editCourseText", text=a_text()),
        "PUBLISH_COURSE_TEXT": _plain("publishCourseText"),
        "WITHDRAW_COURSE_TEXT": _plain("withdrawCourseText"),
        "RENEW_COURSE_TEXT": _plain("renewCourseText", textVersion="次の版"),
    },
    "Course": {
        "EDIT_COURSE": lambda _, row, identity: (
            "editCourse",
            [{"id": identity, "version": row["version"], "course": details(f"course_text_{row['text_id']}")}],
        ),
        "REQUEST_DISPATCH": _plain("requestDispatch"),
        "REPORT_COURSE": _plain("reportCourse"),
        "HAND_OUT_CERTIFICATES": _of("handOutCertificates", "id", count=1),
    },
    "Dispatch": {
        "OFFER_DISPATCH": _with_each("offerDispatch", "personId", "person", source="MEMBER"),
        "ACCEPT_DISPATCH": _plain("acceptDispatch"),
        "DECLINE_DISPATCH": _plain("declineDispatch"),
        "WITHDRAW_DISPATCH": _plain("withdrawDispatch"),
    },
    "Certificate": {"REVOKE_CERTIFICATE": _plain("revokeCertificate")},
    "Survey": {
        "EDIT_SURVEY": _plain("editSurvey", form=a_form()),
        "OPEN_SURVEY": _plain("openSurvey"),
        "HAND_OUT_CODES": _of("handOutCodes", "id", count=1),
        "CLOSE_SURVEY": _plain("closeSurvey"),
        "RENEW_SURVEY": _plain("renewSurvey", closesAt=in_days(9)),
        "PUBLISH_RESULTS": _plain("publishResults"),
        "ANSWER_SURVEY": _of("answerSurvey", "id", answers=[{"question": "q1", "options": [0]}]),
    },
    "HelpRequest": {
        "REVEAL_REQUEST": _of("revealRequest", "id", purpose=WHY),
        "ANSWER_REQUEST": _plain("answerRequest", text="お話を聞かせてください。"),
        "TAKE_REQUEST": _plain("takeRequest"),
    },
    "Consent": {"WITHDRAW_CONSENT": _plain("withdrawConsent")},
    "Referral": {
        "EDIT_REFERRAL": _plain("editReferral", card=CARD),
        "REQUEST_BASIS": _recipients,
        "TAKE_BACK_BASIS": _plain("takeBackBasis"),
        "APPROVE_CARD": _plain("approveCard"),
        "REFUSE_CARD": _plain("refuseCard", code="UNCLEAR"),
        "ASK_QUESTION": _plain("askQuestion", text="曜日は"),
        "ANSWER_QUESTION": _plain("answerQuestion", text="火曜です"),
        "HOLD": _held,
        "RESUME": _plain("resume"),
        "RETURN_REFERRAL": _plain("returnReferral", declinedBy="PROVIDER", code="NO_CAPACITY"),
        "REQUEST_REOPEN": _plain("requestReopen"),
        "REOPEN": _plain("reopen"),
        "HAND_ON": _handed_on,
        "REQUEST_TRANSFER": _plain("requestTransfer"),
        "ACCEPT_TRANSFER": _transferred,
        "DECLINE_TRANSFER": _transfer_declined,
        "WITHDRAW_TRANSFER_REQUEST": _plain("withdrawTransferRequest"),
        "ASSIGN": _with_each("assign", "personId", "person"),
        "REQUEST_VOID": _plain("requestVoid"),
        "MARK_VOID": _plain("markVoid", openBreach=True),
        "SEND_REFERRAL": _consents,
        "POST_TO_BOARD": _posted,
        "OFFER_HELP": _of("offerHelp", "id"),
        "CHOOSE_OFFER": _offers,
        "ACCEPT_REFERRAL": _plain("acceptReferral"),
        "DECLINE_REFERRAL": _plain("declineReferral", declinedBy="PROVIDER", code="NO_CAPACITY"),
        "START_SUPPORT": _started,
        "REPORT_OUTCOME": _plain("reportOutcome", code="GOT_HELP"),
        "CONFIRM_LOOP": _plain("confirmLoop"),
        "WITHDRAW_REFERRAL": _plain("withdrawReferral", code="MOVED"),
        "SEND_ANSWER_LINK": _plain("sendAnswerLink"),
        "REVOKE_ANSWER_LINK": _plain("revokeAnswerLink"),
        "WRITE_NOTE": _of("writeNote", "id", body="メモ"),
        "BRING_TO_COUNCIL": _brought,
        "BRING_TO_SITTING": _before_sitting,
        "OPEN_BREAK_GLASS": _in_danger,
        "REBASE_REFERRAL": _rebased,
        "REVOKE_CONSENT": _plain("revokeConsent"),
        "PRINT_CONSENT_SHEET": _plain(
            "printConsentSheet", items=["NARRATIVE"], purpose="見守り", validUntil="2099-03-31"
        ),
        "REVEAL_NARRATIVE": _revealed("revealReferral", "L2"),
        "REVEAL_IDENTITY": _revealed("revealReferral", "L3"),
        "REVEAL_SAFETY": _revealed("revealReferral", "L4"),
        "REVEAL_TEXTS": _revealed("revealReferral", "TEXTS"),
        "EXPORT_ACCESS_LOG": _of("exportAccessLog", "of"),
    },
    "Notice": {"MARK_READ": _of("markRead", "ids")},
    "Inbox": {"SET_NOTICE_PREFERENCES": _of("setNoticePreferences", "id", language="EN")},
    "Webhook": {
        "ROTATE_WEBHOOK_SECRET": _plain("rotateWebhookSecret"),
        "ENABLE_WEBHOOK": _plain("enableWebhook"),
        "REMOVE_WEBHOOK": _plain("removeWebhook"),
    },
    "Council": {
        "KEEP_COUNCIL": _plain("keepCouncil", name="協議会", establishedOn="2026-04-01"),
        "ANNOUNCE_COUNCIL": _plain("announceCouncil"),
        "ADD_COUNCIL_MEMBER": _of_organisation("addCouncilMember", "mori", "councilId", versioned=False),
        "NAME_COORDINATING_AGENCY": _of_organisation("nameCoordinatingAgency", "sato"),
    },
    "CouncilMember": {
        "CORRECT_COUNCIL_MEMBER": _plain("correctCouncilMember"),
        "END_COUNCIL_MEMBER": _plain("endCouncilMember"),
    },
    "CouncilItem": {
        "ASSIGN_ITEM": _of_organisation("assignItem", "hana", versioned=False),
        "UNASSIGN_ITEM": _of_organisation("unassignItem", "sato", versioned=False),
    },
    "Sitting": {
        "PICK_BODY": _picked,
        "RECORD_SITTING": _recorded,
        "CANCEL_SITTING": _plain("cancelSitting"),
        "END_SITTING": _plain("endSitting"),
    },
    "BreakGlass": {"REVIEW_BREAK_GLASS": _plain("reviewBreakGlass", finding="JUSTIFIED")},
    "Offer": {"WITHDRAW_OFFER": _plain("withdrawOffer")},
    "CardNote": {
        "EDIT_NOTE": _plain("editNote", body="直したメモ"),
        "REMOVE_NOTE": _plain("removeNote"),
    },
}
