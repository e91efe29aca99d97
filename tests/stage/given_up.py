"""PostgreSQL gives a transaction up, so that another goes on: the product begins it anew."""

import asyncpg
import pytest

from libs.persistence.work import Work


def gives_up_the_next(patch: pytest.MonkeyPatch) -> None:
    """The next that leaves an entry, once, at its very end: what was taken out of it stands nowhere."""
    sealed, left = Work.seal, 1

    async def seal(work: Work) -> None:
        nonlocal left
        await sealed(work)
        if left and work.entries:
            left -= 1
            raise asyncpg.DeadlockDetectedError("planted")

    patch.setattr(Work, "seal", seal)
