"""What is measured: each figure by its key in bench.json."""

from collections.abc import Awaitable, Callable
from typing import Final

from tests.bench.figures import pages
from tests.bench.run import Figures, Run

FIGURES: Final[dict[str, Callable[[Run], Awaitable[Figures | float]]]] = {
    "board_page": pages.board_page,
    "referral_by_id": pages.referral_by_id,
    "directory_page": pages.directory_page,
    "my_groups": pages.my_groups,
    "board_page_64": pages.board_page_64,
}
