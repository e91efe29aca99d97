"""The viewer: who asks, for which organisation, in which tenant: from the database, never from a token."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

ANYONE = "anyone"
COORDINATOR = "coordinator"
HOLDER = "holder"
MEMBER = "tenant"

JAPAN = timezone(timedelta(hours=9), "JST")


@dataclass(frozen=True, slots=True)
class Viewer:
    """`kinds` and `roles` are the columns of the policy that add up for this person.

    `facts` holds what is true of the asker before any row is looked at: `tenant` for an active member.
    `access_version` and `policy_version` are compared by every statement that answers this viewer.
    `held` is the one row that a holder's code or link opens.
    """

    tenant_id: uuid.UUID
    access_version: int
    policy_version: int
    kinds: frozenset[str] = frozenset({ANYONE})
    roles: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    person_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    account: str | None = None
    until: datetime | None = None
    held: uuid.UUID | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.account is not None

    def has_ended(self, now: datetime) -> bool:
        """Whether a term ended by the clock, which no change of a row announces."""
        return self.until is not None and self.until <= now

    def places(self, now: datetime) -> dict[str, Any]:
        """The named places of every statement that is answered to this viewer."""
        return {
            "viewer_tenant": self.tenant_id,
            "viewer_person": self.person_id,
            "viewer_organisation": self.organisation_id,
            "viewer_held": self.held,
            "viewer_item": None,
            "viewer_now": now,
            "viewer_today": now.astimezone(JAPAN).date(),
            "access_version": self.access_version,
            "policy_version": self.policy_version,
        }


class ViewerOutdated(Exception):
    """The tenant's access or policy changed since the viewer was loaded: load it anew and ask again."""


def account_of(issuer: str, subject: str) -> str:
    """The key of 'my platforms': no personal data, and only its owner can compute it from a token."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()
