"""What the pages say where something cannot be done now."""

import math

from libs.errors.problems import InvalidInput, Problem
from libs.serving.problems import RateLimited, Unavailable
from libs.serving.responses import Header


class Later(RateLimited):
    """Too much came at once, or the database is away: nothing is lost, come again in some minutes."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        minutes = math.ceil(seconds / 60)
        self.ja = (
            f"いま混み合っていて、まだお預かりできていません。書いた内容はこの画面に残っています。"
            f"{minutes}分ほどしてからもう一度お試しください。急ぐときは、電話の窓口をご利用ください。"
        )
        self.en = (
            f"Too much is coming in just now, and yours has not been taken yet. What you wrote is still on "
            f"this page: try again in about {minutes} min. If it is urgent, please call."
        )


def later(problem: RateLimited | Unavailable) -> Later:
    return Later(problem.retry_after)


def waiting(*problems: Problem | None) -> tuple[Header, ...]:
    """The header that says when to come again."""
    seconds = [each.retry_after for each in problems if isinstance(each, RateLimited)]
    return ((b"retry-after", b"%d" % max(seconds)),) if seconds else ()


NO_CODE = InvalidInput(
    "code",
    "コードは英数字16文字です。控えをもう一度お確かめください。",
    "The code has 16 letters and digits. Please look at your note again.",
)
NOT_FOUND = InvalidInput(
    "code",
    "このコードの相談は見つかりません。控えをもう一度お確かめください。保管の期間を過ぎた相談も開けません。",
    "No request is found by this code. Please look at your note again. One that was kept its time cannot be "
    "opened any more.",
)
"""For a wrong code, another platform's, and one that is no more: one answer."""
