"""Every other way out: what is told, sent, kept, counted, logged, published or refused carries nothing."""

import json
from datetime import timedelta
from typing import Any, Final

from graphql import GraphQLObjectType, build_schema, is_required_argument

from libs.reading.fields import named_type
from services.secretariat.schema import build_schema as secretariat
from tests.channels.asking import ABSENT
from tests.channels.expected import SOME_WATCHERS, WATCHERS, may
from tests.channels.marks import found
from tests.channels.pages import public_paths
from tests.channels.refusing import refused_steps
from tests.channels.wide import selection
from tests.channels.world import WEEKS_LATER, World
from tests.rights.conftest import WORKSHEET
from tests.secretariat.office import opened
from tests.stage.tables import everything

INBOX: Final = """{ inbox { unread viewerCan notices(first: 100) { totalCount
  nodes { id kind text about viewerCan } pageInfo { endCursor } } } }"""
OPEN: Final = {"referral": {"ask", "need"}, "card_note": {"note"}, "offer": {"offer"}, "consent": {"file"}}
"""What lies open in the database: L1, which others read on a board, and what a consent is for."""
PREVIEW: Final = """mutation ($input: AccessPreviewInput!) { accessPreview(input: $input) {
  __typename ... on UserError { en }
  ... on AccessPreviewPayload { row { ...Cell } fields { ...Cell } actions { ...Cell } } } }
  fragment Cell on AccessCell { name answer rule relations { name holds } }"""
TRIED: Final = {
    ("consent_npo", "accepted"),
    ("council_npo", "declined"),
    ("board", "posted"),
    ("open_board", "posted"),
}
SECRETARIAT: Final = build_schema(secretariat().as_str())


async def test_nobody_is_told_anything_but_that_something_waits(world: World) -> None:
    notices = 0
    for who in WATCHERS:
        inbox = (await world.person(who.name).ask(INBOX)).data["inbox"]
        notices += 0 if inbox is None else inbox["notices"]["totalCount"]
        assert not found(json.dumps(inbox, ensure_ascii=False)), who.name
    assert notices > 200


async def test_what_leaves_by_itself_says_nothing_of_it(world: World) -> None:
    assert not found(world.left())
    assert len(world.box.received) > 60
    assert {"referral_sent", "referral_posted", "referral_declined", "outcome_reported"} <= {
        json.loads(body)["type"] for body in world.system.bodies
    }
    assert all("mail.example" in address for address in world.box.recipients)


async def test_audit_due_work_and_outbox_hold_nothing_of_it(world: World) -> None:
    """Nor does any table but those of the words themselves: what is above L1 lies nowhere open."""
    async with world.cities.stage.sql() as sql:
        tables = await everything(sql)
    given = {
        name: {piece for pieces in found(text).values() for piece in pieces} for name, text in tables.items()
    }
    assert {name: pieces for name, pieces in given.items() if pieces} == OPEN
    for name in ("audit_entry", "work_due", "outbox", "notice", "notice_delivery", "access_entry"):
        assert tables[name] or name in {"outbox", "work_due"}, name


async def test_logs_and_measurements_say_nothing_of_it(world: World) -> None:
    lines = world.logged
    assert sum('"event":"request"' in line for line in lines) > 500
    assert sum('"event":"job done"' in line for line in lines) > 50
    assert not found("\n".join(lines))
    metrics = await world.cities.stage.http.get("/metrics")
    assert "graphql_requests" in metrics.text
    assert not found(metrics.text)


async def test_a_refusal_says_nothing_more_than_its_asker_reads(world: World) -> None:
    tried = [told for told in world.told if (told.scene.name, told.scene.state) in TRIED]
    for who in SOME_WATCHERS[:-1]:
        absent = await refused_steps(world, who.name, f"referral_{ABSENT}")
        for told in tried:
            answers = await refused_steps(world, who.name, told.referral)
            assert not found(json.dumps(answers, ensure_ascii=False)), (who.name, told.scene.title)
            if not may(who, told.scene).reads:
                assert answers == absent, (who.name, told.scene.title)


async def test_a_preview_says_why_and_never_what(world: World) -> None:
    for told in world.told:
        if (told.scene.name, told.scene.state) in TRIED:
            nao = world.cast.organisations["nao"]
            preview = await world.person("mori").do(PREVIEW, on=told.referral, asOrganisation=nao)
            assert preview["__typename"] == "AccessPreviewPayload"
            assert not found(json.dumps(preview))


async def test_a_worksheet_of_a_breach_counts_and_tells_no_story(world: World) -> None:
    until = world.cities.stage.clock()
    spread: dict[str, Any] = {
        "since": (until - timedelta(days=2 * WEEKS_LATER)).isoformat(),
        "until": until.isoformat(),
        "discoveredOn": world.cast.loop.today.isoformat(),
    }
    worksheet = await world.person("mori").do(WORKSHEET, malicious=False, **spread)
    assert worksheet["__typename"] == "BreachWorksheetPayload", worksheet
    assert sum(line["openings"] for line in worksheet["lines"]) >= len(world.told)
    assert not found(json.dumps(worksheet, ensure_ascii=False))


async def test_no_public_page_shows_any_of_it(world: World) -> None:
    http, shown = world.cities.stage.http, 0
    ids = [each for told in world.told[::7] for each in (told.referral, told.case)]
    for path in public_paths(ids):
        page = await http.get(path)
        shown += page.status_code == 200
        assert not found(page.text), path
    assert shown >= 8


async def test_the_secretariat_is_told_nothing_of_it(world: World) -> None:
    async with opened(world.cities.stage) as office:
        assert SECRETARIAT.query_type is not None
        for name, field in SECRETARIAT.query_type.fields.items():
            led = named_type(field)
            if isinstance(led, GraphQLObjectType) and not any(map(is_required_argument, field.args.values())):
                said = await office.nagata(f"{{ {name} {{ {selection(led, 2)} }} }}")
                assert not found(json.dumps(said.body, ensure_ascii=False)), name
