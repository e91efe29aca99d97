"""`tsunagari policy`: the access table as a municipal lawyer reads it; why something is seen or withheld."""

import sys
from typing import Annotated

from cyclopts import App, Parameter

from libs.errors.problems import InvalidInput
from libs.policy.grants import UnnamedInPolicy
from libs.policy.rules import Policy
from libs.policy.table import render
from services.operator.output import show

app = App(name="policy", help="Who may see and do what.")


@app.command
def table() -> None:
    """Prints the whole access table: kinds of organisation across, fields and actions down."""
    sys.stdout.write(render(Policy.baseline()))


@app.command
def explain(
    what: Annotated[str, Parameter(help="object.field, or an object with --action")],
    *facts: Annotated[str, Parameter(help="facts that hold, such as tenant group party")],
    kind: Annotated[str, Parameter(help="government, npo, company, coordinator, anyone")],
    role: Annotated[tuple[str, ...], Parameter(help="representative, desk, caseworker")] = (),
    action: Annotated[str, Parameter(help="the action; reading a field without it")] = "read",
    json: Annotated[bool, Parameter(name="--json", help="print JSON")] = False,
) -> int:
    """Says whether somebody of this kind may, and by which rule. Exit code 1: withheld."""
    try:
        decision = Policy.baseline().explain(kind, frozenset(role), what, action, frozenset(facts))
    except (UnnamedInPolicy, ValueError) as error:
        raise InvalidInput(
            "what",
            "その項目・操作・立場・条件は規則にありません。tsunagari policy table で名称をご確認ください。",
            "The rules name no such field, action, kind, role or fact. See: tsunagari policy table",
        ) from error
    row = {"what": what, "act": action, "allowed": decision.allowed, "rule": decision.rule}
    show([row], json=json, title="decision")
    return 0 if decision.allowed else 1
