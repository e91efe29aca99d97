"""`tsunagari policy`: the access table as a municipal lawyer reads it; why something is seen or withheld."""

import asyncio
import sys
from typing import Annotated

from cyclopts import App, Parameter

from libs.errors.problems import InvalidInput
from libs.policy.cells import as_csv, difference, rows
from libs.policy.explaining import Answer
from libs.policy.grants import UnnamedInPolicy
from libs.policy.rules import Policy
from libs.policy.table import render
from libs.policy.vocabulary import ROLES
from services.operator.output import show
from services.operator.policy_in_force import in_force

app = App(name="policy", help="Who may see and do what.")

Tenant = Annotated[str | None, Parameter(help="a platform's own table; the baseline without it")]
Json = Annotated[bool, Parameter(name="--json", help="print JSON")]


@app.command
def table(
    *,
    tenant: Tenant = None,
    csv: Annotated[bool, Parameter(name="--csv", help="print CSV, one column a kind")] = False,
    json: Json = False,
) -> None:
    """Prints the whole access table: kinds of organisation across, fields and actions down."""
    policy = _policy(tenant)
    if json:
        cells = [
            {"name": row.name, "act": row.act, "kind": row.kind, "ja": row.cell.ja, "en": row.cell.en}
            for row in rows(policy)
        ]
        show(cells, json=True, title="access table")
    else:
        sys.stdout.write(as_csv(policy) if csv else render(policy))


@app.command
def diff(tenant: Annotated[str, Parameter(help="the platform's slug")], *, json: Json = False) -> int:
    """Prints each cell in which a platform's policy differs from the baseline. Exit code 1: some do."""
    changes = difference(Policy.baseline(), _policy(tenant))
    if json:
        show([{"ja": line.ja, "en": line.en} for line in changes], json=True, title="differences")
    else:
        sys.stdout.write("".join(f"{line.ja}\n    {line.en}\n" for line in changes))
    return 1 if changes else 0


@app.command
def explain(  # noqa: PLR0913 - two ways to ask
    what: Annotated[str | None, Parameter(help="object.field, or an object with --action")] = None,
    *facts: Annotated[str, Parameter(help="facts that hold, such as tenant group party")],
    kind: Annotated[str | None, Parameter(help="government, npo, company, coordinator, anyone")] = None,
    role: Annotated[tuple[str, ...], Parameter(help="representative, desk, caseworker")] = (),
    action: Annotated[str, Parameter(help="the action; reading a field without it")] = "read",
    tenant: Tenant = None,
    as_: Annotated[str | None, Parameter(name="--as", help="id of an organisation or person")] = None,
    on: Annotated[str | None, Parameter(help="id of the real object")] = None,
    json: Json = False,
) -> int:
    """Says whether somebody of a kind may, and by which rule; or, with --tenant, --as and --on, what somebody
    meets at a real object: codes only, and noted in the platform's audit chain. Exit code 1: withheld."""
    if tenant and as_ and on and not (what or facts or kind):
        return _at(tenant, as_, on, role, json=json)
    if what and kind and not (as_ or on):
        return _by_rules(_policy(tenant), what, frozenset(facts), kind, frozenset(role), action, json=json)
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
    policy: Policy,
    what: str,
    facts: frozenset[str],
    kind: str,
    roles: frozenset[str],
    action: str,
    *,
    json: bool,
) -> int:
    try:
        decision = policy.explain(kind, roles, what, action, facts)
    except (UnnamedInPolicy, ValueError) as error:
        raise _unnamed() from error
    row = {"what": what, "act": action, "allowed": decision.allowed, "rule": decision.rule}
    show([row], json=json, title="decision")
    return 0 if decision.allowed else 1


def _policy(slug: str | None) -> Policy:
    return Policy.baseline() if slug is None else asyncio.run(in_force(slug))


def _unnamed() -> InvalidInput:
    return InvalidInput(
        "what",
        "その項目・操作・立場・条件は規則にありません。tsunagari policy table で名称をご確認ください。",
        "The rules name no such field, action, kind, role or fact. See: tsunagari policy table",
    )
