"""The search over the whole run's log finds what it looks for, and there is a log to search."""

import structlog

from tests.stage.cities import Cities
from tests.stage.log_watch import leaked, leaks


def test_a_planted_name_in_a_line_is_found() -> None:
    assert leaks(['{"event":"request","name":"こども食堂ひだまり"}', "{}"]) == ["こども食堂ひだまり"]
    assert leaks(['{"authorization":"Bearer x"}']) == ["Bearer "]
    assert leaks(['{"event":"request","outcome":"ok"}']) == []


async def test_requests_write_their_lines_where_the_run_is_searched(cities: Cities) -> None:
    before, _ = leaked()
    await cities.ines.ask("{ me { name } }")
    structlog.get_logger("tests").info("a line of one's own")
    after, found = leaked()
    assert after >= before + 2
    assert found == []
