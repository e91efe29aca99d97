"""Every refusal that a person can meet: a stable code, and what to do next in Japanese and English.

A problem's texts never carry values of hidden rows, tokens or personal data. Anything raised that is no
`Problem` is a fault of ours: it is logged under an id and only that id is shown.
"""

from typing import ClassVar


class Problem(Exception):
    """A refusal with texts for the person who asked. `code` is the machine-readable name."""

    code: ClassVar[str]

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(f"{type(self).__name__}: {en}")
        self.ja = ja
        self.en = en


class InvalidInput(Problem):
    """A value that cannot be taken as it is; `field` names the input field, `detail` the finer code."""

    code = "INVALID_INPUT"

    def __init__(self, field: str, ja: str, en: str, *, detail: str | None = None) -> None:
        super().__init__(ja, en)
        self.field = field
        self.detail = detail


class NotFound(Problem):
    """Absent or hidden: the two are one answer."""

    code = "NOT_FOUND"

    def __init__(
        self,
        ja: str = "見つかりません。IDと所属をご確認ください。",
        en: str = "Not found. Check the id and for whom you act.",
    ) -> None:
        super().__init__(ja, en)


class NotAllowed(Problem):
    """The object is visible to the asker, this action on it is not theirs."""

    code = "NOT_ALLOWED"

    def __init__(
        self,
        ja: str = "この操作の権限がありません。代表者または事務局にご相談ください。",
        en: str = "You may not do this. Ask your representative or the coordinator.",
    ) -> None:
        super().__init__(ja, en)


class WrongState(Problem):
    """The object's state does not admit this step; `state` is the state it is in."""

    code = "WRONG_STATE"

    def __init__(self, state: str, ja: str, en: str) -> None:
        super().__init__(ja, en)
        self.state = state


class StaleVersion(Problem):
    """Somebody changed the row since the asker read it; `current` is the version it has now."""

    code = "STALE_VERSION"

    def __init__(self, current: int) -> None:
        super().__init__(
            "他の人が先に更新しました。読み直してから、もう一度お試しください。",
            "Somebody changed this first. Read it again, then retry.",
        )
        self.current = current


class AlreadyExists(Problem):
    """The asker may see the thing that this would double."""

    code = "ALREADY_EXISTS"


class Unauthenticated(Problem):
    """No valid token. `reason` is a code for the log, never shown with the token's content."""

    code = "UNAUTHENTICATED"

    def __init__(self, reason: str) -> None:
        super().__init__(
            "ログインの有効期限が切れたか、正しくありません。もう一度ログインしてください。",
            "The token is missing, expired or not valid here. Sign in again.",
        )
        self.reason = reason


class TooMuch(Problem):
    """A bound was passed (depth, cost, aliases, tokens, page size, body); `limit` names it."""

    code = "TOO_MUCH"

    def __init__(self, limit: str, ja: str, en: str) -> None:
        super().__init__(ja, en)
        self.limit = limit


class KeyReused(Problem):
    """An Idempotency-Key came back with another request."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__(
            "同じIdempotency-Keyが別の内容で使われています。新しいキーで送ってください。",
            "This Idempotency-Key was used for another request. Send a new key.",
        )


class InProgress(Problem):
    """The first request with this Idempotency-Key is still running."""

    code = "IN_PROGRESS"

    def __init__(self) -> None:
        super().__init__(
            "同じ要求を処理しています。少し待ってからもう一度お試しください。",
            "The same request is being processed. Wait a moment and retry.",
        )
