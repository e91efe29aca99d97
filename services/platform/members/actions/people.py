"""An organisation's people: their roles, their leaving, and what each says about themselves."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.japan.text import clean, search_key
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, organisation, person
from services.platform.inputs import mail_address, required
from services.platform.members.actions.described import NAME_LENGTH, TEXT_LENGTH
from services.platform.members.actions.endings import DESK_CHANGED, after_membership, keep_a_coordinator
from services.platform.members.models import live


async def set_roles(
    acting: Acting, organisation_id: uuid.UUID | None, person_id: uuid.UUID | None, roles: Sequence[str]
) -> uuid.UUID:
    """In force at the person's next request. Raises NotFound, NotAllowed."""
    row = await acting.find("organisation", organisation, organisation_id, action="set_roles")
    chosen = sorted(set(roles))
    changed = person_id and await acting.work.one(
        SET_ROLES, person_id=person_id, organisation_id=row["id"], roles=chosen
    )
    if not changed:
        raise NotFound
    if "desk" not in chosen:
        acting.work.later(DESK_CHANGED, row["id"], acting.work.now)
    acting.work.record(
        "set_roles", "person", changed["person_id"], organisation=str(row["id"]), roles=",".join(chosen)
    )
    return changed["person_id"]


async def remove(acting: Acting, organisation_id: uuid.UUID | None, person_id: uuid.UUID | None) -> uuid.UUID:
    """Ends a person's membership in the organisation; what the organisation holds stays with it.

    Raises NotFound, NotAllowed, WrongState (the platform's last coordinator).
    """
    row = await acting.find("organisation", organisation, organisation_id, action="remove_person")
    ended = person_id and await acting.work.one(
        END_MEMBERSHIP, person_id=person_id, organisation_id=row["id"]
    )
    if not ended:
        raise NotFound
    await after_membership(acting.work, ended["id"], ended["person_id"])
    acting.work.later(DESK_CHANGED, row["id"], acting.work.now)
    await keep_a_coordinator(acting.work)
    acting.work.record("remove_person", "person", ended["person_id"], organisation=str(row["id"]))
    return row["id"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says about themselves. None: as it was; an empty text clears."""

    name: str | None = None
    name_kana: str | None = None
    profile: str | None = None
    interests: str | None = None
    ask_me: str | None = None
    profile_for: str | None = None
    email: str | None = None


async def edit_profile(acting: Acting, version: int, said: Profile) -> uuid.UUID:
    """One's own, only. Raises NotFound, StaleVersion, InvalidInput."""
    row = await acting.find("person", person, acting.viewer.person_id, action="edit_profile", version=version)
    await acting.work.one(EDIT_PROFILE, id=row["id"], **_columns(dict(row), said))
    acting.work.record("edit_profile", "person", row["id"])
    return row["id"]


KEPT = ("name", "name_kana", "profile", "interests", "ask_me", "profile_for", "email")


def _columns(row: Mapping[str, Any], said: Profile) -> dict[str, Any]:
    """All that is said now, with the keys to find it by."""
    columns = {name: row[name] for name in KEPT} | _said(said)
    return {
        **columns,
        "search_key": search_key(f"{columns['name']}\n{columns['name_kana']}"),
        "profile_key": search_key("\n".join(columns[name] for name in ("profile", "interests", "ask_me"))),
    }


def _said(said: Profile) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if said.name is not None:
        columns["name"] = required(said.name, "name", NAME_LENGTH)
    if said.name_kana is not None:
        columns["name_kana"] = clean(said.name_kana, "nameKana", NAME_LENGTH)
    for name, field in (("profile", "profile"), ("interests", "interests"), ("ask_me", "askMe")):
        text: str | None = getattr(said, name)
        if text is not None:
            columns[name] = clean(text, field, TEXT_LENGTH, multiline=True)
    if said.profile_for is not None:
        columns["profile_for"] = said.profile_for
    if said.email is not None:
        columns["email"] = mail_address(said.email, "email", NAME_LENGTH)
    return columns


NOW = sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True))

_ONE_MEMBERSHIP = sa.and_(
    live(ASKER),
    membership.c.tenant_id == TENANT,
    membership.c.person_id == parameter(membership.c.person_id),
    membership.c.organisation_id == parameter(membership.c.organisation_id),
)
SET_ROLES = Statement(
    sa.update(membership)
    .where(_ONE_MEMBERSHIP)
    .values(roles=parameter(membership.c.roles), version=membership.c.version + 1)
    .returning(membership.c.person_id)
)
END_MEMBERSHIP = Statement(
    sa.update(membership)
    .where(_ONE_MEMBERSHIP)
    .values(until=NOW, version=membership.c.version + 1)
    .returning(membership.c.id, membership.c.person_id)
)
EDIT_PROFILE = Statement(
    sa.update(person)
    .where(person.c.tenant_id == TENANT, person.c.id == parameter(person.c.id))
    .values(
        {name: parameter(person.c[name]) for name in (*KEPT, "search_key", "profile_key")}
        | {"version": person.c.version + 1}
    )
)
