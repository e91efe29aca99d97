"""The table that people approve: every watcher, every way, every state."""

from tests.channels.expected import WATCHERS
from tests.channels.matrix import APPROVED, AS_ABOVE, NOTHING, render
from tests.channels.ways import STATES, WAYS, all_scenes, some_scenes


def test_the_matrix_is_the_approved_one() -> None:
    """After a change that is meant: `make schema`, and have the difference read by who answers for it."""
    assert render() == APPROVED.read_text(encoding="utf-8")


def test_it_says_something_for_everybody_on_every_way() -> None:
    *sections, holder = render().split("## ")[1:]
    assert "opens ask need L2 texts" in holder
    assert len(sections) == len(WATCHERS)
    for section in sections:
        assert all(way.title in section for way in WAYS.values())
        lines = [line for line in section.splitlines() if " | " in line]
        assert all(line.rpartition(" | ")[2] for line in lines)
        assert not lines[0].endswith(AS_ABOVE)
    assert all(NOTHING in line for line in sections[-1].splitlines() if " | " in line)


def test_a_short_run_has_every_state_and_every_way() -> None:
    some = some_scenes()
    assert {scene.state for scene in some} == set(STATES)
    assert {scene.name for scene in some} == set(WAYS)
    assert len(all_scenes()) > 140
