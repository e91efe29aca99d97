"""What is measured: each by the name that `--only` takes."""

from collections.abc import Awaitable, Callable
from typing import Final

from tests.bench.figures import decisions, memory, mixed, mutations, neighbours, pages, scale, subscriptions
from tests.bench.run import Figures, Run

FIGURES: Final[dict[str, Callable[[Run], Awaitable[Figures]]]] = {
    "board_page": pages.board_page,
    "referral_by_id": pages.referral_by_id,
    "directory_page": pages.directory_page,
    "my_groups": pages.my_groups,
    "board_page_64": pages.board_page_64,
    "tenants_1788_vs_10": scale.tenants_1788_vs_10,
    "decision": decisions.decision,
    "accept_referral": mutations.accept_referral,
    "mixed": mixed.mixed,
    "subscription": subscriptions.subscription,
    "noisy_neighbour": neighbours.noisy_neighbour,
    "overrides_mb": memory.overrides_mb,
}
