"""The access table that people approve. Its diff shows exactly what a change opens or closes."""

from pathlib import Path

from libs.policy.cells import COLUMNS
from libs.policy.relations import FACTS
from libs.policy.rules import Policy
from libs.policy.table import render
from libs.policy.vocabulary import READ, product

APPROVED = Path(__file__).with_name("approved_access_table.txt")


def test_the_access_table_is_the_approved_one() -> None:
    """After a change that is meant: `tsunagari policy table > tests/policy/approved_access_table.txt`, and
    have the diff read by somebody who answers for it."""
    assert render(Policy.baseline()).splitlines() == APPROVED.read_text(encoding="utf-8").splitlines()


def test_a_change_of_one_rule_shows_in_the_table() -> None:
    policy = Policy.baseline()
    text = (Path(render.__code__.co_filename).parent / "baseline.csv").read_text(encoding="utf-8")
    line = "p, company, any, referral.ask, read, group+posted+open_board"
    assert line in text
    opened = Policy.parse(text.replace(line, "p, company, any, referral.ask, read, group+posted"))
    before, after = render(policy).splitlines(), render(opened).splitlines()
    changed = [one for one, other in zip(before, after, strict=False) if one != other]
    assert changed
    assert any("企業にも開いた掲示板" in one for one in changed)


def test_every_group_action_field_and_fact_is_printed() -> None:
    text, policy = render(Policy.baseline()), Policy.baseline()
    words = product()
    lines = text.splitlines()
    acts = {f"{rule.object}.{rule.act}" for rule in policy.rules if rule.act != READ}
    first_cells = "".join(line.partition(" | ")[0].strip() for line in lines)
    assert [name for name in (*words.groups, *acts) if name not in first_cells] == []
    assert [name for name in policy.groups if name not in text] == []
    assert [name for name in FACTS if f"({name})" not in text] == []
    header = next(line for line in lines if line.startswith("項目 Fields"))
    assert [kind for kind in COLUMNS if kind not in header] == []


def test_a_cell_without_a_rule_is_refused_in_print() -> None:
    row = next(line for line in render(Policy.baseline()).splitlines() if line.startswith("団体：審査メモ"))
    assert [cell.strip() for cell in row.split(" | ")[1:]] == ["∅", "∅", "∅", "会員", "∅", "∅"]
