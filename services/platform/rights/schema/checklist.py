"""What has to be done after a leak, as a list to tick: each with its day and whether it applies."""

import datetime as dt
from enum import Enum

import strawberry

from services.platform.rights.actions.breaches import MANY, Worksheet


@strawberry.enum(description="確認事項 / a point of the checklist")
class BreachPoint(Enum):
    NOT_LEGAL_ADVICE = "not_legal_advice"
    SENSITIVE = "sensitive"
    MANY_PERSONS = "many_persons"
    PRELIMINARY_REPORT = "preliminary_report"
    FULL_REPORT = "full_report"
    TELL_THE_PERSONS = "tell_the_persons"
    KEEP_THE_RECORDS = "keep_the_records"


@strawberry.type(description="確認事項 / `applies`: by the counts above; null: for you to judge")
class BreachCheck:
    point: BreachPoint
    applies: bool | None
    due_on: dt.date | None
    ja: str
    en: str


def checklist(found: Worksheet) -> list[BreachCheck]:
    """In the order in which it is worked through."""
    due = found.is_sensitive or found.is_many
    return [
        _point(
            BreachPoint.NOT_LEGAL_ADVICE,
            None,
            "この一覧は作業の助けであり、法的助言ではありません。個人情報保護委員会の案内を確認してください。",
            "This list is help, no legal advice. Check it with the guidance of the PPC.",
        ),
        _point(
            BreachPoint.SENSITIVE,
            found.is_sensitive,
            "要配慮個人情報を含むとみなします(ケースの記録はすべてこの扱いです)。",
            "Special-care personal information: every case's record is treated as such.",
        ),
        _point(
            BreachPoint.MANY_PERSONS,
            found.is_many,
            f"本人の数が行政機関等で{MANY['public']}人、民間で{MANY['private']}人を超えています。",
            f"More persons than {MANY['public']} (public bodies) or {MANY['private']} (private ones).",
        ),
        _point(
            BreachPoint.PRELIMINARY_REPORT,
            due,
            "個人情報保護委員会への速報(知ってから3〜5日以内)",
            "Preliminary report to the PPC, within 3 to 5 days of learning of it.",
            found.preliminary_due_on,
        ),
        _point(
            BreachPoint.FULL_REPORT,
            due,
            "個人情報保護委員会への確報(30日以内、不正の目的によるおそれがあれば60日以内)",
            "Full report to the PPC, within 30 days; 60 where it was done with intent.",
            found.full_due_on,
        ),
        _point(
            BreachPoint.TELL_THE_PERSONS,
            due,
            "ご本人への通知(困難な場合は公表等の代わりの措置)",
            "Tell the persons concerned; where that is hard, act in its stead.",
        ),
        _point(
            BreachPoint.KEEP_THE_RECORDS,
            True,
            "閲覧記録と監査連鎖の先端を書き出して別の場所に保管する",
            "Export the access logs and the audit chain's head, and keep them elsewhere.",
        ),
    ]


def _point(
    point: BreachPoint, applies: bool | None, ja: str, en: str, due_on: dt.date | None = None
) -> BreachCheck:
    return BreachCheck(point=point, applies=applies, due_on=due_on if applies else None, ja=ja, en=en)
