"""What each figure is to reach, and whether it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Target:
    """`key` is a path in bench.json; the value is to be at least, or at most, `bound`."""

    key: str
    bound: float
    at_most: bool = False

    @property
    def text(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}"

    def value(self, figures: Mapping[str, Any]) -> float | None:
        return value_of(self.key, figures)

    def reached(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


SAID: Final = ("mixed.board_rps", "mixed.accept_rps", "mixed.p99")
"""What depends on the machine and has no bound: requests a second of each kind, and milliseconds."""


def value_of(key: str, figures: Mapping[str, Any]) -> float | None:
    """What stands at the path in bench.json."""
    *path, name = key.split(".")
    for part in path:
        figures = figures.get(part, {})
    return figures.get(name)


TARGETS: Final = (
    Target("board_page.vs_postgraphile", 4.0),
    Target("board_page.vs_limit", 0.6),
    Target("board_page.p99_vs_postgraphile", 0.5, at_most=True),
    Target("referral_by_id.vs_postgraphile", 3.0),
    Target("directory_page.vs_postgraphile", 3.0),
    Target("my_groups.vs_postgraphile", 3.0),
    Target("board_page_64.vs_postgraphile", 4.0),
    Target("tenants_1788_vs_10", 0.9),
    Target("decision_us", 20, at_most=True),
    Target("cold_decision_ms", 50, at_most=True),
    Target("overrides_mb", 64, at_most=True),
    Target("accept_referral.vs_limit", 0.4),
    Target("subscription.delivered", 1.0),
    Target("subscription.p99_s", 1.0, at_most=True),
    Target("noisy_neighbour", 0.9),
)
