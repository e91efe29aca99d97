"""Problems as members of a mutation's union: what a client can handle by type, in both languages."""

import strawberry

from libs.errors import problems
from libs.errors.problems import Problem
from libs.serving.service import Language


@strawberry.interface(description="利用者が対処できるエラー / an error that the person can act on")
class UserError:
    code: str
    message: str
    ja: str
    en: str


@strawberry.type(description="入力の誤り / a value that cannot be taken; `field` names it")
class InvalidInput(UserError):
    field: str
    detail: str | None


@strawberry.type(description="存在しないか、閲覧できない / absent or hidden: one answer")
class NotFound(UserError): ...


@strawberry.type(description="見えるが、この操作の権限がない / visible, but this is not yours to do")
class NotAllowed(UserError): ...


@strawberry.type(description="今の状態ではできない / the state does not admit this step")
class WrongState(UserError):
    state: str


@strawberry.type(description="先に更新されている / somebody changed it first; `current` is its version now")
class StaleVersion(UserError):
    current: int


@strawberry.type(description="すでにある / this exists already")
class AlreadyExists(UserError): ...


Refusal = InvalidInput | NotFound | NotAllowed | WrongState | StaleVersion | AlreadyExists


def as_user_error(problem: Problem, language: Language) -> Refusal:
    """The union's member for a problem. One that is no member is raised again, as an error of the request."""
    said = {
        "code": problem.code,
        "message": problem.ja if language == "ja" else problem.en,
        "ja": problem.ja,
        "en": problem.en,
    }
    match problem:
        case problems.InvalidInput():
            return InvalidInput(**said, field=problem.field, detail=problem.detail)
        case problems.NotFound():
            return NotFound(**said)
        case problems.NotAllowed():
            return NotAllowed(**said)
        case problems.WrongState():
            return WrongState(**said, state=problem.state)
        case problems.StaleVersion():
            return StaleVersion(**said, current=problem.current)
        case problems.AlreadyExists():
            return AlreadyExists(**said)
        case _:
            raise problem
