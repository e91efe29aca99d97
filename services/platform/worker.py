"""The worker: the platform's features' jobs, done when they are due, and notices passed on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from libs.observability.worker_metrics import WorkerMetrics
from libs.persistence.database import Database
from libs.persistence.objects.store import Objects
from libs.persistence.work import Work
from libs.persistence.worker import Job, Worker
from libs.serving.health import Readiness
from libs.serving.watched import Listening, watched
from services.platform.events import jobs as events
from services.platform.events import letters as event_letters
from services.platform.figures import jobs as figures
from services.platform.files import jobs as files
from services.platform.groups import jobs as groups
from services.platform.links import jobs as links
from services.platform.links import letters
from services.platform.meetings import jobs as meetings
from services.platform.notices import backlog, memberships
from services.platform.notices import jobs as notices
from services.platform.notices.sending.outside import Outside
from services.platform.papers import jobs as papers
from services.platform.practices import jobs as practices
from services.platform.referrals import basis_jobs as bases
from services.platform.referrals import jobs as referrals
from services.platform.requests import jobs as requests
from services.platform.resources import jobs as resources
from services.platform.rights import jobs as rights

LETTERS = (*letters.LETTERS, *event_letters.LETTERS)
"""What features mail beside notices: a letter that nobody registered cannot be sent."""


def jobs(outside: Outside) -> Mapping[str, Job]:
    """Each kind of due work with what does it."""
    return {
        **events.jobs(outside.vault),
        **figures.JOBS,
        **files.JOBS,
        **groups.JOBS,
        **meetings.JOBS,
        **notices.JOBS,
        **memberships.JOBS,
        **papers.JOBS,
        **resources.JOBS,
        **referrals.JOBS,
        **bases.JOBS,
        **links.JOBS,
        **practices.JOBS,
        **requests.jobs(outside.vault),
        **rights.jobs(outside.vault),
    }


async def schedule(work: Work) -> None:
    """What the clock does by itself for a platform, begun when it is onboarded."""
    await figures.schedule(work)
    await rights.schedule(work)


async def run_worker(  # noqa: PLR0913 - what the process was given
    worker_url: str,
    app_url: str,
    stop: asyncio.Event,
    *,
    outside: Outside,
    objects: Objects,
    listening: Listening | None = None,
) -> None:
    """Until `stop` is set. Claims as the worker role, works inside tenants as the app role.

    `listening` is where health and metrics are answered; without it nobody is.
    """
    claims = await Database.open(worker_url, name="tsunagari-worker", size=4)
    tenants = await Database.open(app_url, name="tsunagari-worker", size=6)
    todo = jobs(outside)
    metrics = WorkerMetrics([*todo, notices.DELIVER, files.DROP_OBJECT])
    errands = {**files.errands(objects), **notices.errands(outside, metrics.delivered)}
    worker = Worker(claims, tenants, todo, errands, None if listening is None else metrics)
    try:
        if listening is None:
            await worker.run(stop)
        else:
            counting = partial(backlog.count_dead_letters, tenants, metrics.dead_letters)
            await _watched(worker, stop, listening, metrics, counting)
    finally:
        await tenants.close()
        await claims.close()


async def _watched(
    worker: Worker,
    stop: asyncio.Event,
    listening: Listening,
    metrics: WorkerMetrics,
    counting: Callable[[], Awaitable[None]],
) -> None:
    async def turns() -> None:
        if stale := worker.rounds.stale():
            raise NotTurning(", ".join(stale))

    async with watched(listening, Readiness({"rounds": turns}), metrics), asyncio.TaskGroup() as group:
        rounds = worker.rounds.repeat("dead letters", counting, backlog.COUNT_SECONDS, stop)
        beside = group.create_task(rounds)
        await worker.run(stop)
        beside.cancel()


class NotTurning(Exception):
    """Loops that got nothing done lately."""
