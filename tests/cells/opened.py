"""The shipped policy with everything but one object opened to everybody.

The fields of that object are then all that can withhold anything: a link is null because its own line says
so, never because of what stands at its other end. With nothing spared it is the control: it shows each value.
"""

from functools import cache
from typing import Final

from libs.policy.rules import Policy
from libs.policy.vocabulary import ANY, HERE, KINDS, READ

TEXT: Final = (HERE / "baseline.csv").read_text(encoding="utf-8")


@cache
def opened_but(spared: str | None, text: str = TEXT) -> Policy:
    """Of the shipped policy, or of the text that a test gives in its place."""
    known = {str(rule) for rule in Policy.baseline().rules}
    lines = [
        line
        for group in dict.fromkeys(Policy.baseline().groups.values())
        if group.partition(".")[0] != spared
        for kind in KINDS
        if (line := f"{kind}, {ANY}, {group}, {READ}, everyone") not in known
    ]
    return Policy.parse("\n".join([text, *(f"p, {line}" for line in lines)]))
