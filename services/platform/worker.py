"""The worker: the platform's features' jobs, done when they are due, and notices passed on."""

import asyncio
from collections.abc import Mapping

from libs.persistence.database import Database
from libs.persistence.objects.store import Objects
from libs.persistence.work import Work
from libs.persistence.worker import Job, Worker
from services.platform.figures import jobs as figures
from services.platform.files import jobs as files
from services.platform.groups import jobs as groups
from services.platform.links import letters as links
from services.platform.meetings import jobs as meetings
from services.platform.notices import jobs as notices
from services.platform.notices.sending.outside import Outside
from services.platform.referrals import basis_jobs as bases
from services.platform.referrals import jobs as referrals
from services.platform.requests import jobs as requests
from services.platform.rights import jobs as rights

LETTERS = (*links.LETTERS,)
"""What features mail beside notices: a letter that nobody registered cannot be sent."""


def jobs(outside: Outside) -> Mapping[str, Job]:
    """Each kind of due work with what does it."""
    return {
        **figures.JOBS,
        **files.JOBS,
        **groups.JOBS,
        **meetings.JOBS,
        **notices.JOBS,
        **referrals.JOBS,
        **bases.JOBS,
        **requests.jobs(outside.vault),
        **rights.jobs(outside.vault),
    }


async def schedule(work: Work) -> None:
    """What the clock does by itself for a platform, begun when it is onboarded."""
    await figures.schedule(work)
    await rights.schedule(work)


async def run_worker(
    worker_url: str, app_url: str, stop: asyncio.Event, *, outside: Outside, objects: Objects
) -> None:
    """Until `stop` is set. Claims as the worker role, works inside tenants as the app role."""
    claims = await Database.open(worker_url, name="tsunagari-worker", size=4)
    tenants = await Database.open(app_url, name="tsunagari-worker", size=6)
    try:
        errands = {**files.errands(objects), **notices.errands(outside)}
        await Worker(claims, tenants, jobs(outside), errands).run(stop)
    finally:
        await tenants.close()
        await claims.close()
