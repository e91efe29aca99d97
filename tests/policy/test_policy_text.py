"""A policy's text: what is not exactly in order is refused, and casbin keeps quiet."""

import logging

import pytest

from libs.errors.problems import InvalidInput
from libs.policy.rules import Policy
from libs.policy.vocabulary import HERE, READ, Vocabulary
from libs.policy.wording import LONGEST_TEXT

WORDS = Vocabulary.of(
    groups={
        "note.body": "note.card",
        "note.title": "note.card",
        "note.more": "note.more",
        "bill.sum": "bill.card",
    },
    actions=("note.keep",),
)
GOOD = """# a comment, with a comma
g, note.body, note.card
g, note.more, note.more

p, npo, any, note.card, read, group+posted
p, npo, desk, note, keep, own
p2, company, any, note.card, read, tenant
p3, note.card, read
"""


def test_a_text_in_order_is_taken() -> None:
    policy = Policy.parse(GOOD, WORDS)
    grants = policy.grants(frozenset({"npo"}), frozenset())
    assert grants.read("note", "body").ways == {frozenset({"group", "posted"})}
    assert not grants.act("note", "keep").ways
    assert [str(rule) for rule in policy.widenable] == ["company, any, note.card, read, tenant"]
    assert policy.fixed == {("note.card", READ)}
    company = policy.grants(frozenset({"company"}), frozenset())
    assert not company.read("note", "body").ways, "a widening is an offer, not a rule"


BAD = {
    "shape": [
        "p, npo, any, note.card, read",
        "p, npo, any, note.card, read, own, allow",
        "p, npo, any, note.card, read, own, p, npo, any, note.card, read, tenant",
        "g, note.title",
        "q, npo, any, note.card, read, own",
        "p",
        " # an indented comment",
        "   ",
    ],
    "word": [
        "p, *, any, note.card, read, own",
        "p, npo, any, note.*, read, own",
        "p, npo, any, note.card, *, own",
        "p, npo, any, note.card, read, own + party",
        "p, npo, any, note.card, read, ",
        'p, npo, any, note.card, read, "own"',
        "p, NPO, any, note.card, read, own",
        "p, npo, any, note.card, read, own # why",
        "p, npo, any, note.card, read, eval(own)",
        "p, npo, any, note.card, read, own||tenant",
        "p, npo, any, note.card, read, \uff4fwn",
        "p, npo, any, note..card, read, own",
    ],
    "control": [
        "p, npo, any, note.card, read, own\r",
        "p, npo, any, note.card, read, own\x00",
        "p, npo, any, note.card, read, own\u2028p, npo, any, note.card, read, tenant",
        "p,\tnpo, any, note.card, read, own",
        "# \u202e a comment that reads backwards",
        "p, npo, any, note.card, read, own\u3000",
    ],
    "unknown_kind": ["p, king, any, note.card, read, own", "p, npo+company, any, note.card, read, own"],
    "unknown_role": ["p, npo, boss, note.card, read, own", "p, npo, desk+caseworker, note.card, read, own"],
    "unknown_relation": [
        "p, npo, any, note.card, read, friend",
        "p, npo, any, note.card, read, own+friend",
        "p, npo, any, note.card, read, any",
        "p2, npo, any, note.card, read, friend",
    ],
    "unknown_object": [
        "p, npo, any, rumour.card, read, own",
        "p, npo, any, note.body, read, own",
        "p, npo, any, note, read, own",
        "p, npo, any, bill.card, read, own",
        "p, npo, any, note.card, keep, own",
        "p3, rumour, keep",
    ],
    "unknown_action": ["p, npo, any, note, sell, own", "p3, note, sell"],
    "unknown_field": ["g, note.secret, note.card"],
    "unknown_group": ["g, note.title, note.rest"],
    "chained": ["g, bill.sum, note.card", "g, note.title, bill.card"],
    "two_groups": ["g, note.body, note.more"],
    "relation_twice": [
        "p, npo, any, note.card, read, own+own",
        "p, npo, any, note.card, read, own+nobody",
    ],
    "double": ["p, npo, any, note.card, read, group+posted", "g, note.body, note.card"],
}


@pytest.mark.parametrize(
    ("detail", "line"), [(detail, line) for detail, lines in BAD.items() for line in lines]
)
def test_a_line_out_of_order_is_refused_by_its_number(detail: str, line: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Policy.parse(GOOD + line, WORDS)
    problem = refusal.value
    assert problem.detail == detail
    assert problem.field == "policy"
    number = GOOD.count("\n") + 1
    assert problem.en.startswith(f"Line {number}: ")
    assert problem.ja.startswith(f"{number}行目: ")
    assert "friend" not in problem.en + problem.ja


def test_a_field_called_like_a_group_chains_no_groups() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Policy.parse("g, note.more, note.card\ng, note.body, note.more\n", WORDS)
    assert refusal.value.detail == "chained"


def test_a_text_without_end_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Policy.parse("#" * (LONGEST_TEXT + 1), WORDS)
    assert refusal.value.detail == "too_long"


def test_a_group_that_no_field_is_in_cannot_be_granted() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Policy.parse("p, npo, any, note.card, read, own\n", WORDS)
    assert refusal.value.detail == "unknown_object"


def test_the_content_hash_is_of_the_rules_not_of_comments_and_order() -> None:
    policy = Policy.parse(GOOD, WORDS)
    turned = "\n".join(reversed(GOOD.splitlines())) + "\n# another comment"
    assert Policy.parse(turned, WORDS).content_hash == policy.content_hash
    other = GOOD.replace("group+posted", "group")
    assert Policy.parse(other, WORDS).content_hash != policy.content_hash
    assert Policy.parse(GOOD.replace("p3, note.card, read\n", ""), WORDS).content_hash != policy.content_hash


def test_the_product_names_no_test_words() -> None:
    with pytest.raises(InvalidInput):
        Policy.parse(GOOD)
    assert Policy.parse((HERE / "baseline.csv").read_text(encoding="utf-8"))


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.names: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.names.append(record.name)


def test_casbin_logs_neither_the_policy_nor_a_denial(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after somebody configures logging anew, which enables loggers and resets levels."""
    Policy.baseline()
    kept, root = _Kept(), logging.getLogger()
    monkeypatch.setattr(root, "level", logging.DEBUG)
    root.addHandler(kept)
    for name in ("casbin", "casbin.policy", "casbin.enforcer", "casbin.role", "casbin.other"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
        logging.getLogger(name).manager._clear_cache()  # type: ignore[attr-defined]
    try:
        policy = Policy.parse(GOOD, WORDS)
        for name in ("casbin", "casbin.policy", "casbin.enforcer", "casbin.role"):
            monkeypatch.setattr(logging.getLogger(name), "disabled", False)
        assert not policy.explain("npo", frozenset(), "note.body", READ, frozenset()).allowed
        logging.getLogger("casbin.other").warning("heard")
    finally:
        root.removeHandler(kept)
    assert kept.names == ["casbin.other"]
