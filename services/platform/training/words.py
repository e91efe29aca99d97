"""What pages, certificates and tables call things, in Japanese and English."""

from collections.abc import Mapping
from typing import Final

Both = tuple[str, str]
EDITIONS: Final[Mapping[str, Both]] = {
    "standard": ("つながりサポーター養成講座", "Tsunagari Supporter course"),
    "children": ("つながりサポーター養成講座 こども向け", "Tsunagari Supporter course for children"),
    "step_up": ("つながりサポーター ステップアップ講座", "Tsunagari Supporter step-up course"),
}
VENUES: Final[Mapping[str, Both]] = {
    "local_government": ("自治体", "local government"),
    "workplace": ("企業職域", "workplace"),
    "support_body": ("民間団体（支援団体）", "private body that supports people"),
    "other_body": ("民間団体（支援団体以外）", "other private body"),
    "all": ("合計", "all"),
}
COURSE_STATES: Final[Mapping[str, Both]] = {
    "planned": ("企画中", "planned"),
    "announced": ("告知済み", "announced"),
    "held": ("実施済み・未報告", "held, not reported yet"),
    "reported": ("報告済み", "reported"),
    "cancelled": ("中止", "cancelled"),
}
HEADS: Final[Both] = (
    "人数は会ごとの延べ人数です。二回受けた人は二人と数えます。",
    "Heads are counted session by session: whoever came twice is counted twice.",
)
