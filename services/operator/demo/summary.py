"""What the demo says when it is ready: what runs where, who one can be, three commands to try."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from libs.persistence.roles import APP, OWNER, SECRETARIAT
from services.operator.demo.people import People
from services.operator.demo.place import Place


def describe(port: int, urls: Mapping[str, str], people: People, place: Place) -> dict[str, Any]:
    """The content of demo.json. The demo only: a real deployment never writes credentials to a file."""
    return {
        "platform": f"http://127.0.0.1:{port}",
        "secretariat": f"http://127.0.0.1:{port + 1}",
        "database": {"owner": urls[OWNER], "app": urls[APP], "secretariat": urls[SECRETARIAT]},
        "mail": str(place.mail),
        "help": {
            "page": f"http://127.0.0.1:{port}/t/ikoma/help",
            "code": place.help_code.read_text(encoding="utf-8"),
        },
        "people": people.listed(),
    }


def show(described: Mapping[str, Any], place: Place) -> None:
    console = Console()
    table = Table(title="who you can be (tokens in .tsunagari/demo.json)", title_justify="left")
    for heading in ("#", "name", "platform", "organisation", "kind", "roles"):
        table.add_column(heading)
    for number, each in enumerate(described["people"]):
        table.add_row(
            str(number),
            each["name"],
            each["tenant"] or "secretariat",
            each["organisation"] or "",
            each["kind"],
            ", ".join(each["roles"]),
        )
    platform, secretariat = described["platform"], described["secretariat"]
    console.print(f"platform     {platform}/graphql   explorer: {platform}/explorer")
    console.print(f"secretariat  {secretariat}/graphql")
    console.print(f"ask for help {described['help']['page']}")
    console.print(f"events       {platform}/t/ikoma/events")
    console.print(f"council      {platform}/t/ikoma/council")
    console.print(f"mail         {place.mail}")
    console.print(f"logs         {place.data / 'logs'}\n")
    console.print(table)
    console.print("\nthree commands to try, in another terminal:\n", style="bold")
    for line in _commands(platform):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print("\nCtrl-C ends all of it.")


def _commands(platform: str) -> tuple[str, ...]:
    reading = "json.load(open('.tsunagari/demo.json'))['people'][2]['token']"
    query = '{"query": "{ me { name } organisations(first: 3) { totalCount nodes { name kind } } }"}'
    headers = "-H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json'"
    return (
        f'TOKEN=$(python3 -c "import json; print({reading})")',
        f"curl -s {platform}/graphql {headers} -d '{query}'",
        ".venv/bin/tsunagari policy table | head -60",
    )
