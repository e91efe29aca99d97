"""What the codes of services and places are called."""

from collections.abc import Mapping
from typing import Final

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "consultation": ("相談窓口", "consultation"),
    "ibasho": ("居場所", "a place to be"),
    "machi_no_eki": ("まちのえき", "machi-no-eki"),
    "gathering": ("集いの場", "gathering"),
    "support": ("支援・サービス", "support service"),
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "draft": ("下書き", "draft"),
    "offered": ("提供中", "offered"),
    "ended": ("終了", "ended"),
}
