"""What must hold in the database whatever was killed when; each thing that does not is one line."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from libs.errors.problems import WrongState
from libs.persistence import audit
from libs.persistence.connections import Connection
from services.platform.referrals.models import machine
from tests.killing.load import WALK, Acknowledged

EVENTS = "SELECT * FROM tsunagari.referral_event WHERE tenant_id = $1 ORDER BY referral_id, sequence"
REFERRALS = "SELECT * FROM tsunagari.referral WHERE tenant_id = $1"
CHAIN = "SELECT * FROM tsunagari.audit_entry WHERE tenant_id = $1 ORDER BY sequence"
HEAD = "SELECT sequence, hash FROM tsunagari.audit_head WHERE tenant_id = $1"
ORPHANS = """SELECT s.id FROM tsunagari.sealed_text s LEFT JOIN tsunagari.disclosure d
  ON d.tenant_id = s.tenant_id AND d.id = s.of_row
  WHERE s.tenant_id = $1 AND s.of_table = 'disclosure' AND d.id IS NULL"""


async def faults(sql: Connection, tenant: uuid.UUID, done: Acknowledged) -> list[str]:
    """Empty where nothing was lost or doubled."""
    events: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for row in await sql.fetch(EVENTS, tenant):
        events.setdefault(row["referral_id"], []).append(dict(row))
    rows = {row["id"]: row for row in await sql.fetch(REFERRALS, tenant)}
    return [
        *_lost(done.referrals, events),
        *_unfolded(rows, events),
        *_broken(await _chain(sql, tenant), await sql.fetchrow(HEAD, tenant)),
        *await _unaudited(sql, tenant, events),
        *await _unlogged(sql, tenant, done.reveals),
        *(f"a text of no disclosure: {row['id']}" for row in await sql.fetch(ORPHANS, tenant)),
    ]


def _lost(told: Iterable[str], events: dict[uuid.UUID, list[dict[str, Any]]]) -> Iterable[str]:
    for each in told:
        steps = tuple(event["step"] for event in events.get(uuid.UUID(each.removeprefix("referral_")), []))
        if steps != WALK:
            yield f"{each} was told to be done, its events are {steps}"


def _unfolded(rows: dict[uuid.UUID, Any], events: dict[uuid.UUID, list[dict[str, Any]]]) -> Iterable[str]:
    for identity, row in rows.items():
        try:
            folded = machine.fold(events.get(identity, []))
        except WrongState as wrong:
            yield f"{identity}: an event does not follow: {wrong}"
            continue
        if folded.state != row["state"]:
            yield f"{identity}: stored {row['state']}, folded {folded.state}"


async def _chain(sql: Connection, tenant: uuid.UUID) -> list[dict[str, Any]]:
    """The entries as the product reads them: their codes are no text."""
    rows = [dict(row) for row in await sql.fetch(CHAIN, tenant)]
    return [row | {"codes": msgspec.json.decode(row["codes"])} for row in rows]


def _broken(chain: Sequence[Any], head: Any) -> Iterable[str]:
    broken = audit.first_break(chain, head)
    if broken is not None:
        yield f"the chain breaks at {broken.sequence}: {broken.reason}"


async def _unaudited(
    sql: Connection, tenant: uuid.UUID, events: dict[uuid.UUID, list[dict[str, Any]]]
) -> Iterable[str]:
    """Each event has exactly one entry in the chain: the two were committed together."""
    entries = await sql.fetch(
        """SELECT action, object_id FROM tsunagari.audit_entry
        WHERE tenant_id = $1 AND object_type = 'referral' AND codes ? 'to_state'""",
        tenant,
    )
    noted = sorted((row["action"], row["object_id"]) for row in entries)
    made = sorted((event["step"], identity) for identity, some in events.items() for event in some)
    return [] if noted == made else [f"{len(made)} events and {len(noted)} entries of the chain differ"]


async def _unlogged(sql: Connection, tenant: uuid.UUID, reveals: int) -> Iterable[str]:
    """Every text that was answered has its log; a log without an answer is what a kill in between leaves."""
    logged = await sql.fetchval("SELECT count(*) FROM tsunagari.access_entry WHERE tenant_id = $1", tenant)
    return [] if logged >= reveals else [f"{reveals} reveals were answered, {logged} are logged"]
