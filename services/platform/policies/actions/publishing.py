"""A draft comes into force, or an earlier edition again: from the next statement on, in every process."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import NotFound, WrongState
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.cells import difference
from libs.policy.overrides import Overrides, checked
from libs.policy.policies import PUBLISHED
from libs.policy.rules import Policy
from libs.policy.tenant_policy import TenantPolicy
from libs.tenancy.models import platform_settings, policy_edition
from services.platform.inputs import required
from services.platform.policies.actions import drafting
from services.platform.policies.actions.drafting import Draft
from services.platform.relations import RELATIONS

NOTE_LENGTH = 2_000


async def publish(acting: Acting, version: int, note: str) -> uuid.UUID:
    """The draft as a new edition. Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState."""
    draft = await drafting.opened(acting, version, "publish_policy")
    acting.require("policy", "publish_policy")
    # a line that was drafted under an older baseline is judged by today's
    overrides = checked(Policy.baseline(), draft.overrides, RELATIONS.registered())
    return await _come_into_force(acting, draft, overrides, note, None)


async def revert(acting: Acting, version: int, to: int, note: str) -> uuid.UUID:
    """A new edition that says what `to` said; 1 is the baseline. What was drafted is given up.

    `version` is the draft's. Raises as `publish`, and NotFound where there was no such version.
    """
    draft = await drafting.opened(acting, version, "revert_policy")
    acting.require("policy", "publish_policy")
    if not 1 <= to <= await drafting.version_in_force(acting.work):
        raise NotFound
    then = await drafting.overrides_in_force(acting.work, to)
    # what was published under an older baseline is judged by today's
    overrides = checked(Policy.baseline(), then, RELATIONS.registered())
    return await _come_into_force(acting, draft, overrides, note, to)


async def _come_into_force(
    acting: Acting, draft: Draft, overrides: Overrides, note: str, to: int | None
) -> uuid.UUID:
    said = required(note, "note", NOTE_LENGTH, multiline=True)
    if overrides == draft.in_force:
        raise WrongState(
            "unchanged",
            "施行中の規程と同じ内容です。下書きで行を狭めるか広げてから公布してください。",
            "This is what is in force already. Tighten or widen a line in the draft first.",
        )
    raised = await acting.work.one(RAISE)
    assert raised is not None  # noqa: S101 - onboarding made the row
    edition = await _insert(acting, draft, overrides, raised["policy_version"], said, to)
    await drafting.keep(acting, overrides, overrides)
    codes = {"version": raised["policy_version"], "reverted_to": to}
    acting.work.record("publish_policy" if to is None else "revert_policy", "policy", edition, **codes)
    await acting.work.notify(PUBLISHED, edition)
    return edition


async def _insert(  # noqa: PLR0913 - an edition is all of this
    acting: Acting, draft: Draft, overrides: Overrides, version: int, note: str, to: int | None
) -> uuid.UUID:
    before, after = (TenantPolicy(Policy.baseline(), each) for each in (draft.in_force, overrides))
    changes = difference(before.complete(), after.complete())
    return await acting.work.insert(
        policy_edition,
        version=version,
        overrides=[each.stored() for each in overrides],
        content_hash=after.content_hash,
        changes_ja=[line.ja for line in changes],
        changes_en=[line.en for line in changes],
        note=note,
        author_id=acting.viewer.person_id,
        at=acting.work.now,
        reverted_to=to,
    )


RAISE = Statement(
    sa.update(platform_settings)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .values(policy_version=platform_settings.c.policy_version + 1)
    .returning(platform_settings.c.policy_version)
)
