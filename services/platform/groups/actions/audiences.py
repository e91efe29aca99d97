"""For whom something is said in a group."""

from libs.errors.problems import InvalidInput
from libs.policy.acting import Acting


def check_audience(acting: Acting, object: str, audience: str) -> None:
    """Nobody writes for those among whom they cannot read: it would be closed to its own writer.

    Raises InvalidInput.
    """
    facts = acting.access.facts | {"group", f"audience_{audience}"}
    if not acting.access.grants.row(object).holds(facts):
        raise InvalidInput(
            "audience",
            "この宛先には、あなたの団体が含まれていません。宛先を広げてください。",
            "Your organisation is not part of this audience. Choose a wider one.",
            detail="AUDIENCE",
        )
