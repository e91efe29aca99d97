"""The people who ask: every kind and seat, each a row of the population that a token's subject finds."""

from dataclasses import dataclass
from datetime import timedelta

from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewer import Viewer
from libs.tenancy.viewers import Address, Viewers
from tests.oracle.moments import NOW
from tests.reading.world import Row
from tests.stage.tokens import ISSUER

OURS, ELSEWHERE = "ikoma", "takamatsu"
ALL_ROLES = ("representative", "desk", "caseworker")


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody to be cast: `organisation` is a place in the list of organisations, None for none."""

    organisation: int | None
    roles: tuple[str, ...] = ()
    status: str = "active"
    coordinates: bool = False
    ended: bool = False
    term_ended: bool = False


# the first organisations of a population, by their place: kind and state
ORGANISATIONS = (
    ("npo", "active"),
    ("npo", "active"),
    ("government", "active"),
    ("government", "active"),
    ("company", "active"),
    ("company", "active"),
    ("npo", "suspended"),
    ("npo", "applied"),
    ("company", "declined"),
    ("npo", "withdrawn"),
    ("government", "applied"),
)
CAST: dict[str, Part] = {
    "npo desk": Part(0, ("desk",)),
    "npo caseworker": Part(0, ("representative", "caseworker")),
    "npo without roles": Part(1),
    "npo coordinator": Part(1, ("caseworker",), coordinates=True),
    "government of all roles": Part(2, ALL_ROLES),
    "government without roles": Part(3),
    "government coordinator": Part(3, ("desk",), coordinates=True),
    "former coordinator": Part(3, ("representative",), coordinates=True, term_ended=True),
    "company desk": Part(4, ("desk",)),
    "company representative": Part(5, ("representative",)),
    "of a suspended npo": Part(6, ALL_ROLES),
    "suspended coordinator": Part(6, ("desk",), coordinates=True),
    "applicant npo": Part(7, ("representative",)),
    "declined company": Part(8, ("representative",)),
    "of a withdrawn npo": Part(9, ALL_ROLES),
    "applicant government": Part(10, ALL_ROLES),
    "who left": Part(0, ALL_ROLES, ended=True),
    "removed person": Part(0, ALL_ROLES, status="removed"),
}
NOBODY = ("stranger", "anyone")
"""An account without a person, and a request without an account."""
NEIGHBOURS = {"neighbour npo": "npo caseworker", "neighbour coordinator": "government coordinator"}
"""The same accounts, asking as members of the other tenant."""


def person_row(name: str, part: Part) -> Row:
    return {"status": part.status, "issuer": ISSUER, "subject": name, "name": name}


def term(part: Part) -> Row:
    """Of a membership."""
    return {"since": NOW - timedelta(days=200), "until": NOW - timedelta(days=1) if part.ended else None}


def subject_of(who: str) -> str | None:
    return None if who == "anyone" else NEIGHBOURS.get(who, who)


def tenant_of(who: str) -> str:
    return ELSEWHERE if who in NEIGHBOURS else OURS


async def viewer_of(viewers: Viewers, who: str) -> Viewer:
    """As the product itself loads somebody for a request."""
    subject = subject_of(who)
    identity = None if subject is None else Identity(ISSUER, subject, 0)
    return await viewers.of(identity, Address(tenant_of(who)))


async def all_viewers(viewers: Viewers) -> dict[str, Viewer]:
    return {who: await viewer_of(viewers, who) for who in (*CAST, *NOBODY, *NEIGHBOURS)}
