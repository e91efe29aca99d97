"""What the clock does to events, each job in a Work of its tenant."""

from collections.abc import Mapping
from functools import partial

from libs.persistence.sealing.vault import Vault
from libs.persistence.worker import Job
from services.platform.events import deadlines
from services.platform.events.actions import circulars, offering


def jobs(vault: Vault) -> Mapping[str, Job]:
    """By kind of due work."""
    return {
        deadlines.OFFER: partial(offering.offer, vault),
        deadlines.REMIND: partial(circulars.remind, vault),
        deadlines.TELL_CHANGED: partial(circulars.tell_changed, vault),
        deadlines.TELL_CANCELLED: partial(circulars.tell_cancelled, vault),
        deadlines.ERASE: partial(circulars.erase, vault),
    }
