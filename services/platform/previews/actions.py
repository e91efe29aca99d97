"""Looking as somebody else: only at what one finds oneself, only as whom one may, and never unlogged."""

import asyncio
import uuid
from dataclasses import dataclass

from libs.errors.problems import InvalidInput, NotFound
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.policy.tenant_policy import TenantPolicy
from libs.reading.preview import Preview, Previewing
from libs.tenancy.models import organisation, person
from libs.tenancy.viewer import Viewer
from libs.tenancy.viewers import Whom, viewer_of


@dataclass(frozen=True, slots=True)
class Looked:
    """As whom, at what: the previewed object's type and its id."""

    whom: Whom
    at: Previewing
    identity: uuid.UUID


async def preview(acting: Acting, policy: TenantPolicy, looked: Looked) -> Preview:
    """Raises NotFound for whom or what the caller cannot find, NotAllowed, InvalidInput."""
    asker = await _chosen(acting, looked.whom)
    places = {**acting.viewer.places(acting.work.now), **looked.at.places(asker), "id": looked.identity}
    held = await acting.work.one(looked.at.statement(acting.access), **places)
    if held is None:
        raise NotFound
    log(acting.work, "preview_access", looked)
    # casbin tries every rule for every cell: beside the requests of others, not before them
    return await asyncio.to_thread(lambda: looked.at.of(policy.complete(), asker, dict(held)))


def log(work: Work, action: str, looked: Looked) -> None:
    """Who looked as whom at what: ids and codes."""
    whom = looked.whom
    work.record(
        action,
        looked.at.stored.object,
        looked.identity,
        as_person=None if whom.person is None else str(whom.person),
        as_organisation=None if whom.organisation is None else str(whom.organisation),
        roles=",".join(sorted(whom.roles)),
    )


async def _chosen(acting: Acting, whom: Whom) -> Viewer:
    """Both the person and the organisation for which they act must be the caller's to look as."""
    if whom.person is None and whom.organisation is None:
        raise _as_nobody()
    if whom.person is not None:
        await acting.find("person", person, whom.person, action="preview_access")
    asker = await viewer_of(acting.work, whom)
    organisation_id = asker.organisation_id or whom.organisation
    if organisation_id is not None:
        await acting.find("organisation", organisation, organisation_id, action="preview_access")
    return asker


def _as_nobody() -> InvalidInput:
    return InvalidInput(
        "asOrganisation",
        "どの団体または人として確かめるかを指定してください。",
        "Say as which organisation or person to look.",
        detail="REQUIRED",
    )
