"""`tsunagari`: everything an operator does, from one command line."""

import asyncio
import sys

from cyclopts import App

from libs.errors.problems import Problem
from services.operator import (
    audits,
    deliveries,
    documents,
    figures,
    keys,
    migrating,
    policies,
    serving,
    tenants,
    works,
)
from services.operator.doctor import doctor
from services.operator.failures import told
from services.operator.output import complain

DEMO = "Runs the whole product on this machine, with people to be; Ctrl-C ends all of it."

app = App(
    name="tsunagari",
    help="つながり: local public-private platforms against loneliness and isolation.",
    version_flags=["--version"],
)
# loaded only when it is asked for: the embedded database is no part of a deployment
app.command("services.operator.demo.command:demo", name="demo", help=DEMO)
app.command(serving.serve)
app.command(serving.secretariat)
app.command(serving.worker)
app.command(migrating.migrate)
app.command(tenants.app)
app.command(policies.app)
app.command(audits.app)
app.command(keys.app)
app.command(figures.app)
app.command(deliveries.app)
app.command(works.app)
app.command(documents.app)
app.command(doctor)


def main() -> None:
    """Exit codes: 0 done, 1 a check found something, 2 the command could not be carried out."""
    try:
        result = app()
    except Problem as problem:
        complain(problem)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        refusal = told(error)
        if refusal is None:
            raise
        complain(refusal)
        sys.exit(2)
    if asyncio.iscoroutine(result):
        raise TypeError("a command is run to its end by cyclopts")
    sys.exit(result if isinstance(result, int) else 0)
