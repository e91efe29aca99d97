"""`tsunagari policy`: the access table as a municipal lawyer reads it; why something is seen or withheld."""

import asyncio
import sys
from typing import Annotated

from cyclopts import App, Parameter

from libs.errors.problems import InvalidInput
from libs.policy.explaining import Answer
from libs.policy.grants import UnnamedInPolicy
from libs.policy.rules import Policy
from libs.policy.table import render
from libs.policy.vocabulary import ROLES
from services.operator.output import show

app = App(name="policy", help="Who may see and do what.")


@app.command
def table() -> None:
    """Prints the whole access table: kinds of organisation across, fields and actions down."""
    sys.stdout.write(render(Policy.baseline()))


@app.command
def explain(  # noqa: PLR0913 - two ways to ask
    what: Annotated[str | None, Parameter(help="object.field, or an object with --action")] = None,
    *facts: Annotated[str, Parameter(help="facts that hold, such as tenant group party")],
    kind: Annotated[str | None, Parameter(help="government, npo, company, coordinator, anyone")] = None,
    role: Annotated[tuple[str, ...], Parameter(help="representative, desk, caseworker")] = (),
    action: Annotated[str, Parameter(help="the action; reading a field without it")] = "read",
    tenant: Annotated[str | None, Parameter(help="slug of the platform of a real object")] = None,
    as_: Annotated[str | None, Parameter(name="--as", help="id of an organisation or person")] = None,
    on: Annotated[str | None, Parameter(help="id of the real object")] = None,
    json: Annotated[bool, Parameter(name="--json", help="print JSON")] = False,
) -> int:
    """Says whether somebody of a kind may, and by which rule; or, with --tenant, --as and --on, what somebody
    meets at a real object: codes only, and noted in the platform's audit chain. Exit code 1: withheld."""
    if tenant and as_ and on and not (what or facts or kind):
        return _at(tenant, as_, on, role, json=json)
    if what and kind and not (tenant or as_ or on):
        return _by_rules(what, frozenset(facts), kind, frozenset(role), action, json=json)
    raise InvalidInput(
        "what",
        "項目と --kind、または --tenant と --as と --on を指定してください。",
        "Give a field and --kind, or --tenant, --as and --on.",
    )


def _at(tenant: str, as_: str, on: str, role: tuple[str, ...], *, json: bool) -> int:
    from services.operator.looking import looked_at, rows_of

    if not set(role) <= ROLES.keys():
        raise _unnamed()
    preview = asyncio.run(looked_at(tenant, as_, on, role))
    show(rows_of(preview, json=json), json=json, title=f"{on} as {as_}")
    return 1 if preview.row.answer is Answer.WITHHELD else 0


def _by_rules(  # noqa: PLR0913 - one question to the rules
    what: str, facts: frozenset[str], kind: str, roles: frozenset[str], action: str, *, json: bool
) -> int:
    try:
        decision = Policy.baseline().explain(kind, roles, what, action, facts)
    except (UnnamedInPolicy, ValueError) as error:
        raise _unnamed() from error
    row = {"what": what, "act": action, "allowed": decision.allowed, "rule": decision.rule}
    show([row], json=json, title="decision")
    return 0 if decision.allowed else 1


def _unnamed() -> InvalidInput:
    return InvalidInput(
        "what",
        "その項目・操作・立場・条件は規則にありません。tsunagari policy table で名称をご確認ください。",
        "The rules name no such field, action, kind, role or fact. See: tsunagari policy table",
    )
