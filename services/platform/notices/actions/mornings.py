"""When the day's digest goes out."""

from datetime import datetime, timedelta
from typing import Final

from libs.tenancy.viewer import JAPAN

DIGEST_HOUR: Final = 8


def next_morning(now: datetime) -> datetime:
    """The next eight o'clock in Japan."""
    local = now.astimezone(JAPAN)
    morning = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)
