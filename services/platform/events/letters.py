"""The words of what residents are mailed about their registrations. The link in it is their own."""

from collections.abc import Mapping
from typing import Final

from services.platform.notices.models.letters import SITE, Letter, Wording, register

PLACES: Final = frozenset({"platform", SITE, "path", "title", "when", "until"})

_JA: Final = """{platform}

{said}

行事: {{title}}
日時: {{when}}
{more}
ご自分の申込みの確認、変更、取消しは、次のアドレスからできます。
{{site}}{{path}}

このアドレスを知っている人は、申込みを見たり取り消したりできます。人に渡さないでください。
"""
_EN: Final = """{platform}

{said}

Event: {{title}}
When: {{when}}
{more}
See, change or cancel your registration here:
{{site}}{{path}}

Whoever knows this address can do the same. Keep it to yourself.
"""

_SAID: Final[Mapping[str, tuple[str, str, str, str, str, str]]] = {
    "event_taken": (
        "お申し込みを受け付けました",
        "お席を確保しました。お待ちしています。",
        "",
        "Your registration",
        "A place is yours. We look forward to seeing you.",
        "",
    ),
    "event_waiting": (
        "キャンセル待ちのお知らせ",
        "満席のため、順番にお待ちいただいています。席が空きましたら、このアドレスにお知らせします。",
        "",
        "You are on the waiting list",
        "All places are taken; you stand in line. When one becomes free you are told at this address.",
        "",
    ),
    "event_asked": (
        "お申し込みをお預かりしました",
        "主催者が確認しています。参加いただけるか、このアドレスにお知らせします。",
        "",
        "Your registration",
        "The organiser looks at your registration and will tell you at this address.",
        "",
    ),
    "event_offered": (
        "席が空きました",
        "お待ちいただいていた行事の席が空きました。期限までにお返事がないと、次の方に回ります。",
        "お返事の期限: {until}\n",
        "A place has become free",
        "A place has become free for you. Without your answer in time it goes to the next in line.",
        "Answer by: {until}\n",
    ),
    "event_passed": (
        "お返事の期限が過ぎました",
        "期限までにお返事がなかったため、席は次の方に回りました。改めてお申し込みいただけます。",
        "",
        "The time to answer is over",
        "The place went to the next in line. You may register anew.",
        "",
    ),
    "event_refused": (
        "今回は参加いただけません",
        "申し訳ありませんが、今回は参加いただけません。くわしくは主催者にお問い合わせください。",
        "",
        "About your registration",
        "We are sorry: there is no place for you this time. Please ask the organiser.",
        "",
    ),
    "event_reminder": (
        "行事が近づいています",
        "お申し込みの行事が近づいています。来られなくなったときは、次のアドレスから取り消してください。",
        "",
        "Your event is near",
        "The event that you registered for is near. If you cannot come, please cancel below.",
        "",
    ),
    "event_changed": (
        "行事の内容が変わりました",
        "お申し込みの行事の日時や場所が変わりました。新しい内容をご確認ください。",
        "",
        "Your event has changed",
        "Time or place of the event that you registered for has changed.",
        "",
    ),
    "event_cancelled": (
        "行事が中止になりました",
        "お申し込みの行事は中止になりました。お越しにならないようお願いします。",
        "",
        "Your event is cancelled",
        "The event that you registered for is cancelled. Please do not come.",
        "",
    ),
}


def _letter(name: str) -> Letter:
    subject_ja, ja, more_ja, subject_en, en, more_en = _SAID[name]
    body_ja = _JA.format(platform="{platform}", said=ja, more=more_ja)
    body_en = _EN.format(platform="{platform}", said=en, more=more_en)
    places = PLACES if "{until}" in more_ja else PLACES - {"until"}
    return Letter(name, places, Wording(subject_ja, body_ja), Wording(subject_en, body_en))


LETTERS: Final = tuple(_letter(name) for name in _SAID)
register(*LETTERS)
