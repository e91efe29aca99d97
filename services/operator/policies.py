"""`tsunagari policy`: the access table as a municipal lawyer reads it; why something is seen or withheld."""

import asyncio
import sys
from typing import Annotated

from cyclopts import App, Parameter

from libs.errors.problems import InvalidInput, NotFound
from libs.persistence.database import Context, Database
from libs.persistence.roles import APP
from libs.policy.cells import as_csv, difference, rows
from libs.policy.grants import UnnamedInPolicy
from libs.policy.policies import Policies
from libs.policy.rules import Policy
from libs.policy.table import render
from services.operator.environment import url_of
from services.operator.output import show

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
def explain(  # noqa: PLR0913 - one question
    what: Annotated[str, Parameter(help="object.field, or an object with --action")],
    *facts: Annotated[str, Parameter(help="facts that hold, such as tenant group party")],
    kind: Annotated[str, Parameter(help="government, npo, company, coordinator, anyone")],
    role: Annotated[tuple[str, ...], Parameter(help="representative, desk, caseworker")] = (),
    action: Annotated[str, Parameter(help="the action; reading a field without it")] = "read",
    tenant: Tenant = None,
    json: Json = False,
) -> int:
    """Says whether somebody of this kind may, and by which rule. Exit code 1: withheld."""
    policy = _policy(tenant)
    try:
        decision = policy.explain(kind, frozenset(role), what, action, frozenset(facts))
    except (UnnamedInPolicy, ValueError) as error:
        raise InvalidInput(
            "what",
            "その項目・操作・立場・条件は規則にありません。tsunagari policy table で名称をご確認ください。",
            "The rules name no such field, action, kind, role or fact. See: tsunagari policy table",
        ) from error
    row = {"what": what, "act": action, "allowed": decision.allowed, "rule": decision.rule}
    show([row], json=json, title="decision")
    return 0 if decision.allowed else 1


def _policy(slug: str | None) -> Policy:
    return Policy.baseline() if slug is None else asyncio.run(_in_force(slug))


async def _in_force(slug: str) -> Policy:
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    try:
        async with database.reading(Context(None)) as connection:
            tenant_id = await connection.fetchval(
                "SELECT tenant_id FROM tsunagari.tenant WHERE slug = $1", slug
            )
        if tenant_id is None:
            raise NotFound(
                "そのslugのプラットフォームはありません。tsunagari tenant list でご確認ください。",
                "There is no platform of this slug. See: tsunagari tenant list",
            )
        async with database.reading(Context(tenant_id)) as connection:
            version = await connection.fetchval(
                "SELECT policy_version FROM tsunagari.platform_settings WHERE tenant_id = $1 AND id = $1",
                tenant_id,
            )
        return (await Policies(Policy.baseline(), database).of(tenant_id, version)).complete()
    finally:
        await database.close()
