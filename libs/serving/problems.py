"""What can be wrong with a request before GraphQL is looked at, and what an engine may answer beside it."""

from typing import Any, ClassVar

from libs.errors.problems import Problem, TooMuch
from libs.observability.requests import Outcome


class TransportProblem(Problem):
    """Wrong on the level of HTTP or of the socket; `outcome` decides the status."""

    outcome: ClassVar[Outcome]


class BadRequest(TransportProblem):
    """The request cannot be read. `field` names the member at fault, where it is one."""

    code = "BAD_REQUEST"
    outcome = "bad_request"

    def __init__(self, ja: str, en: str, *, field: str | None = None) -> None:
        super().__init__(ja, en)
        self.field = field


class BatchRefused(BadRequest):
    """A JSON array of requests: their costs would not be told apart, and one answer would wait for all."""

    code = "BATCH_REFUSED"

    def __init__(self) -> None:
        super().__init__(
            "まとめ送り（JSONの配列）は受け付けません。要求を一つずつ送ってください。",
            "Batches (JSON arrays) are not taken. Send each request on its own.",
        )


class MethodNotAllowed(TransportProblem):
    """GET carries queries only, and no other method is served."""

    code = "METHOD_NOT_ALLOWED"
    outcome = "method_not_allowed"

    def __init__(self) -> None:
        super().__init__(
            "POSTで送ってください。GETで送れるのは照会（query）だけです。",
            "Use POST. GET carries queries only.",
        )


class NotAcceptable(TransportProblem):
    """No media type of Accept can be served."""

    code = "NOT_ACCEPTABLE"
    outcome = "not_acceptable"

    def __init__(self) -> None:
        super().__init__(
            "Acceptにapplication/graphql-response+json、application/json、text/event-streamのいずれかを"
            "含めてください。",
            "Accept must admit application/graphql-response+json, application/json or text/event-stream.",
        )


class UnsupportedMedia(TransportProblem):
    """The body is no plain JSON."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    outcome = "unsupported_media"

    def __init__(self) -> None:
        super().__init__(
            "本文はUTF-8のJSONを、圧縮せずに、Content-Type: application/jsonで送ってください。",
            "Send the body as uncompressed UTF-8 JSON with Content-Type: application/json.",
        )


class UnsupportedForm(TransportProblem):
    """A page's form comes as browsers send one by itself."""

    code = UnsupportedMedia.code
    outcome = "unsupported_media"

    def __init__(self) -> None:
        super().__init__(
            "この画面の入力欄からお送りください（application/x-www-form-urlencoded）。",
            "Send the form of this page (application/x-www-form-urlencoded).",
        )


class FormNotTaken(TransportProblem):
    """This page takes no form, or the method is none that a page knows."""

    code = MethodNotAllowed.code
    outcome = "method_not_allowed"

    def __init__(self) -> None:
        super().__init__("このページでは送信できません。", "Nothing can be sent to this page.")


class ForeignForm(TransportProblem):
    """The form stood on another site's page."""

    code = "FOREIGN_FORM"
    outcome = "forbidden"

    def __init__(self) -> None:
        super().__init__(
            "ほかのサイトからの送信は受け付けていません。このサイトの画面を開いてお送りください。",
            "Forms of other sites are not taken. Open the page on this site and send it from there.",
        )


class Fault(TransportProblem):
    """A fault of ours, under whose number the log tells what happened."""

    code = "INTERNAL"
    outcome = "internal"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"サーバーで問題が起きました。時間をおいてお試しください。お問い合わせ番号: {number}",
            f"Something went wrong on the server. Try again later. Number for questions: {number}",
        )


class TooSlow(TransportProblem):
    """The body did not arrive in time."""

    code = "REQUEST_TIMEOUT"
    outcome = "timeout"

    def __init__(self) -> None:
        super().__init__(
            "本文の受信が時間内に終わりませんでした。もう一度お送りください。",
            "The body did not arrive in time. Send it again.",
        )


class TooLarge(TransportProblem):
    """The body, message or URL passes its bound in bytes."""

    code = TooMuch.code
    outcome = "too_large"

    def __init__(self, limit: str, most: int) -> None:
        super().__init__(
            f"送られた内容が大きすぎます（{most}バイトまで）。分けてお送りください。",
            f"What was sent is too large (at most {most} bytes). Split it up.",
        )
        self.limit = limit


class RateLimited(TransportProblem):
    """The caller has used up the allowance; `retry_after` in whole seconds."""

    code = "RATE_LIMITED"
    outcome = "rate_limited"

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"要求が多すぎます。{retry_after}秒後にもう一度お試しください。",
            f"Too many requests. Retry after {retry_after} seconds.",
        )
        self.retry_after = retry_after


class Unavailable(TransportProblem):
    """The service cannot answer for the moment (the database is away, the process is ending)."""

    code = "UNAVAILABLE"
    outcome = "unavailable"

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__(
            "ただいま混み合っています。少し待ってからもう一度お試しください。",
            "The service is not available for the moment. Wait a little and retry.",
        )
        self.retry_after = retry_after


class Refused(Problem):
    """A document that does not parse, validate or coerce: `errors` are the finished GraphQL errors."""

    code = "GRAPHQL_REQUEST_REFUSED"

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(
            "GraphQLの問い合わせが正しくありません。",
            "The GraphQL request is not valid.",
        )
        self.errors = errors
