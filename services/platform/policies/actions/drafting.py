"""The draft: lines tightened, widened and taken back, nothing of it in force before it is published."""

import uuid
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.policy.cells import difference
from libs.policy.overrides import Overrides, added, restored, tightened, widened, without
from libs.policy.policies import IN_FORCE
from libs.policy.rules import Policy
from libs.policy.tenant_policy import TenantPolicy
from libs.tenancy.models import platform_settings, policy_draft
from services.platform.relations import RELATIONS

Words = tuple[str, ...]
"""kind, role, object or field group, act, relation."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was drafted and what is in force, while the draft is locked."""

    id: uuid.UUID
    overrides: Overrides
    in_force: Overrides


async def tighten(acting: Acting, version: int, line: Words, becomes: str | None) -> uuid.UUID:
    """The line becomes stricter; closed where `becomes` is None. Raises InvalidInput, StaleVersion."""
    draft = await opened(acting, version, "tighten_policy")
    more = tightened(Policy.baseline(), line, becomes, RELATIONS.registered())
    return await _kept(acting, draft, added(draft.overrides, more), "tighten_policy", more)


async def widen(acting: Acting, version: int, line: Words) -> uuid.UUID:
    """The line is added, if it is one of those that may be."""
    draft = await opened(acting, version, "widen_policy")
    more = widened(Policy.baseline(), line)
    return await _kept(acting, draft, added(draft.overrides, more), "widen_policy", more)


async def take_back(acting: Acting, version: int, line: Words) -> uuid.UUID:
    """The line is as in the baseline again."""
    draft = await opened(acting, version, "take_back_policy_change")
    left = without(Policy.baseline(), draft.overrides, line)
    gone = tuple(each for each in draft.overrides if each not in left)
    return await _kept(acting, draft, left, "take_back_policy_change", gone)


async def discard(acting: Acting, version: int) -> uuid.UUID:
    """The draft says what is in force."""
    draft = await opened(acting, version, "discard_policy_draft")
    return await _kept(acting, draft, draft.in_force, "discard_policy_draft", ())


async def opened(acting: Acting, version: int, step: str) -> Draft:
    """The draft, locked: who publishes meanwhile waits. Raises NotFound, NotAllowed, StaleVersion."""
    row = await acting.find("policy_draft", policy_draft, acting.work.tenant_id, action=step, version=version)
    return Draft(row["id"], restored(row["overrides"]), await overrides_in_force(acting.work))


async def overrides_in_force(work: Work, version: int | None = None) -> Overrides:
    """Those of the newest edition, or of the newest up to a version."""
    upto = await version_in_force(work) if version is None else version
    row = await work.one(IN_FORCE, policy_version=upto)
    return () if row is None else restored(row["overrides"])


async def version_in_force(work: Work) -> int:
    row = await work.one(VERSION)
    assert row is not None  # noqa: S101 - onboarding made it
    return row["policy_version"]


async def keep(acting: Acting, overrides: Overrides, in_force: Overrides) -> None:
    """Writes the draft, with what it changes in words."""
    changes = difference(_complete(in_force), _complete(overrides))
    await acting.work.one(
        KEEP,
        overrides=[each.stored() for each in overrides],
        changes_ja=[line.ja for line in changes],
        changes_en=[line.en for line in changes],
        updated_by_id=acting.viewer.person_id,
        updated_at=acting.work.now,
    )


async def _kept(
    acting: Acting, draft: Draft, overrides: Overrides, action: str, changed: Overrides
) -> uuid.UUID:
    await keep(acting, overrides, draft.in_force)
    codes = {str(each.rule): each.becomes for each in changed}
    acting.work.record(action, "policy_draft", draft.id, **codes)
    return draft.id


def _complete(overrides: Overrides) -> Policy:
    return TenantPolicy(Policy.baseline(), overrides).complete()


CHANGED: Final = ("overrides", "changes_ja", "changes_en", "updated_by_id", "updated_at")
KEEP = Statement(
    sa.update(policy_draft)
    .where(policy_draft.c.tenant_id == TENANT, policy_draft.c.id == TENANT)
    .values(
        {name: parameter(policy_draft.c[name]) for name in CHANGED} | {"version": policy_draft.c.version + 1}
    )
)
VERSION = Statement(
    sa.select(platform_settings.c.policy_version).where(
        platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT
    )
)
