"""What can be done to texts, courses, dispatches and certificates, and in which state."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, Problem, WrongState
from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step
from libs.reading.declare import Row
from services.platform.events.models import event
from services.platform.relations import RELATIONS
from services.platform.training.models import course, course_text, dispatch, heads_reported
from services.platform.training.models.codes import CHILDREN, DISPATCHED, LIVE_DISPATCH

Bool = sa.ColumnElement[bool]


def _published_text(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "公開したテキストは変えられません。直すときは新しい版をつくってください。",
        "A published text does not change. Make the next version of it.",
    )


def _no_published_text(row: Mapping[str, Any]) -> Problem:
    return WrongState(row["state"], "このテキストは公開されていません。", "This text is not published.")


def _reported(_: object) -> Problem:
    return WrongState(
        "reported",
        "この講座は報告済みのため、内容を変えられません。",
        "The course was reported: it does not change any more.",
    )


def _not_held(_: object) -> Problem:
    return WrongState(
        "not_held",
        "講座が終わってから報告してください。中止した講座は報告できません。",
        "Report the course once it is over. A cancelled one is not reported.",
    )


def _not_reported(_: object) -> Problem:
    return WrongState(
        "not_reported",
        "修了証は、実施報告の後にお渡しできます。",
        "Certificates are handed out once the course was reported.",
    )


def _own_lecturer(_: object) -> Problem:
    return WrongState(
        "own_lecturer",
        "この講座は主催者の講師が担当します。派遣を頼むには、講師の手配を「派遣」に変えてください。",
        "The host's own lecturer gives this course. Choose dispatch before you ask for one.",
    )


def _asked_already(_: object) -> Problem:
    return AlreadyExists(
        "この講座の講師派遣は、すでに依頼されています。", "A lecturer was asked for this course already."
    )


def _over(_: object) -> Problem:
    return WrongState("over", "この講座は終わったか、中止されています。", "The course is over or cancelled.")


def _wrong_dispatch(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この派遣依頼は、いまこの操作ができる状態ではありません。",
        f"The dispatch is '{row['state']}': this cannot be done to it.",
    )


def _without_school(_: object) -> Problem:
    return WrongState(
        "school_arrangements",
        "こども向け講座は、告知の前に学校との取決め(連絡先、時間割、スクールカウンセラー等、うまくいかなかった"
        "ときの支え)を記入してください。",
        "Before a children's course is announced write down what was agreed with the school: contact, "
        "timing, school counsellor, and what happens when a child's attempt to help fails.",
    )


def _revoked(_: object) -> Problem:
    return WrongState("revoked", "この修了証は取り消されています。", "This certificate was revoked.")


def _event_of(row: Row, asker: Asker, *conditions: Callable[[Any], Bool]) -> Bool:
    of = event.alias("of_course")
    return sa.exists(
        sa.select(of.c.id).where(
            of.c.tenant_id == asker.tenant, of.c.id == row.c.event_id, *(each(of) for each in conditions)
        )
    )


def _is_over(row: Row, asker: Asker) -> Bool:
    return _event_of(
        row, asker, lambda of: of.c.state == sa.literal("announced"), lambda of: of.c.over_at <= asker.now
    )


def _to_come(row: Row, asker: Asker) -> Bool:
    return _event_of(
        row, asker, lambda of: of.c.state != sa.literal("cancelled"), lambda of: of.c.over_at > asker.now
    )


def _none_asked(row: Row, asker: Asker) -> Bool:
    asked = dispatch.alias("asked_already")
    return sa.not_(
        sa.exists(
            sa.select(asked.c.id).where(
                asked.c.tenant_id == asker.tenant,
                asked.c.course_id == row.c.id,
                among(asked.c.state, LIVE_DISPATCH),
            )
        )
    )


def _agreed_with_school(row: Row, asker: Asker) -> Bool:
    """Of an event: it is no children's course, or all four arrangements are written down."""
    of, by = course.alias("of_event"), course_text.alias("by_text")
    missing = sa.or_(
        *(
            of.c[name] == sa.literal("")
            for name in ("school_contact", "school_timing", "school_counsellor", "school_follow_up")
        )
    )
    return sa.not_(
        sa.exists(
            sa.select(of.c.id)
            .join(by, sa.and_(by.c.tenant_id == asker.tenant, by.c.id == of.c.text_id))
            .where(
                of.c.tenant_id == asker.tenant,
                of.c.event_id == row.c.id,
                by.c.edition == sa.literal(CHILDREN),
                missing,
            )
        )
    )


def _in(*states: str) -> Guard:
    return Guard(lambda row, _: among(row.c.state, states), _wrong_dispatch)


_DRAFT: Final = Guard(lambda row, _: row.c.state == sa.literal("draft"), _published_text)
_TEXT_OUT: Final = Guard(lambda row, _: row.c.state == sa.literal("published"), _no_published_text)
_UNREPORTED: Final = Guard(lambda row, asker: heads_reported(row, asker).is_(None), _reported, beyond=True)
_REPORTED: Final = Guard(
    lambda row, asker: heads_reported(row, asker).is_not(None), _not_reported, beyond=True
)
_IN_FORCE: Final = Guard(lambda row, _: row.c.revoked_at.is_(None), _revoked)

RELATIONS.steps.register(
    Step("course_text", "edit_course_text", (_DRAFT,), policy="keep_text"),
    Step("course_text", "publish_course_text", (_DRAFT,), policy="keep_text"),
    Step("course_text", "withdraw_course_text", (_TEXT_OUT,), policy="keep_text"),
    Step("course_text", "renew_course_text", (_TEXT_OUT,), policy="keep_text"),
    Step("course", "edit_course", (_UNREPORTED,), policy="run_course"),
    Step(
        "course",
        "request_dispatch",
        (
            Guard(lambda row, _: row.c.lecturing == sa.literal(DISPATCHED), _own_lecturer),
            Guard(_to_come, _over, beyond=True),
            Guard(_none_asked, _asked_already, beyond=True),
        ),
        policy="run_course",
    ),
    Step("course", "report_course", (Guard(_is_over, _not_held, beyond=True),), policy="run_course"),
    Step("course", "hand_out_certificates", (_REPORTED,), policy="run_course"),
    Step("dispatch", "offer_dispatch", (_in("requested", "declined"),), policy="arrange_dispatch"),
    Step("dispatch", "accept_dispatch", (_in("offered"),), policy="answer_dispatch"),
    Step("dispatch", "decline_dispatch", (_in("offered", "assigned"),), policy="answer_dispatch"),
    Step("dispatch", "withdraw_dispatch", (_in(*LIVE_DISPATCH),)),
    Step("certificate", "revoke_certificate", (_IN_FORCE,)),
    # its holder's alone
    Step("certificate", "print_certificate", (_IN_FORCE,)),
)
for _step in ("announce_event", "publish_event"):
    RELATIONS.steps.guard("event", _step, Guard(_agreed_with_school, _without_school, beyond=True))
