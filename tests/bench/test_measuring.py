"""The bench sees what it is there to see: each harness finds a planted fault."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.bench import report
from tests.bench.accepting import id_of, place_of
from tests.bench.answers import plain, refuse_difference
from tests.bench.figures.subscriptions import newest, refuse_leak, waits
from tests.bench.loading import Asking, WrongAnswer, load, request
from tests.bench.nation import nation, reference
from tests.bench.recording import Sent
from tests.bench.targets import TARGETS
from tests.bench.writing import as_script

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + b'{"data":{}}'


@asynccontextmanager
async def answering(answer: bytes) -> AsyncGenerator[int]:
    """A server that gives this answer to each request."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_the_generator_counts_right_answers() -> None:
    async with answering(ANSWER) as port:
        kinds = {"page": Asking([request(port, b"{}", {})] * 7, 2, length=11, needle="data", once=True)}
        measured = (await load(port, kinds, 60, warm_up=0))["page"]
    assert (measured.answers, measured.faults) == (7, 0)


@pytest.mark.parametrize(
    ("answer", "length", "needle"),
    [
        (ANSWER.replace(b"200 OK", b"500 No"), None, None),
        (ANSWER, 12, None),
        (ANSWER, 11, "errors"),
    ],
    ids=["status", "length", "content"],
)
async def test_the_generator_finds_a_wrong_answer(
    answer: bytes, length: int | None, needle: str | None
) -> None:
    async with answering(answer) as port:
        kinds = {"page": Asking([request(port, b"{}", {})] * 3, 1, length, needle, once=True)}
        with pytest.raises(WrongAnswer, match="3 wrong answers"):
            await load(port, kinds, 60, warm_up=0)


async def test_readers_who_pause_are_waited_for() -> None:
    async with answering(ANSWER) as port:
        kinds = {"page": Asking([request(port, b"{}", {})] * 4, 2, once=True, pause=0.001)}
        measured = (await load(port, kinds, 60, warm_up=0))["page"]
    assert measured.answers == 4


def test_sides_that_say_the_same_in_other_words_agree() -> None:
    ours = {"board": {"nodes": [{"id": f"referral_{uuid.UUID(int=1)}", "state": "IN_PROGRESS"}]}}
    theirs = {"board": [{"state": "in_progress", "id": str(uuid.UUID(int=1))}]}
    refuse_difference("a peer", plain(ours), plain(theirs))


def test_a_side_that_says_something_else_is_found() -> None:
    ours, theirs = {"board": {"nodes": [{"ask": "散歩"}]}}, {"board": {"nodes": [{"ask": "将棋"}]}}
    with pytest.raises(WrongAnswer, match="将棋"):
        refuse_difference("a peer", plain(ours), plain(theirs))
    with pytest.raises(WrongAnswer):
        refuse_difference("a peer", plain(ours), plain({"board": {"nodes": []}}))


def test_a_listener_who_saw_a_later_change_has_seen_the_earlier() -> None:
    heard = [(["bench all 0"], 1.5), (["bench all 2", "bench all 1"], 4.0)]
    assert waits([1.0, 2.0, 3.0], heard) == [0.5, 2.0, 1.0]


def test_a_change_that_nobody_was_told_of_is_found() -> None:
    assert waits([1.0, 2.0], [(["bench all 0"], 1.5)]) == [0.5, None]
    assert newest(["何か別の知らせ"]) == -1


@pytest.mark.parametrize(
    ("kind", "titles"),
    [("npo", ["bench all 1", "bench public 1"]), ("government", ["bench all 1", "bench all 0"])],
)
def test_a_message_under_another_kinds_policy_is_found(kind: str, titles: list[str]) -> None:
    with pytest.raises(WrongAnswer, match=kind):
        refuse_leak(kind, titles)


def test_the_nation_has_every_tenant_and_enough_rows() -> None:
    cities = nation(referrals=1_000_000)
    assert len(cities) == 1_788
    assert sum(city.referrals for city in cities) >= 1_000_000
    assert len({city.tenant_id for city in cities}) == 1_788


def test_a_tenant_is_the_same_among_few_and_among_all() -> None:
    few, every = nation(tenants=10, referrals=1_000_000), nation(referrals=1_000_000)
    assert len(few) == 10
    assert reference(few) == reference(every)


def test_numbers_follow_each_other_over_all_tenants() -> None:
    assert {place_of(number, 8) for number in range(8)} == set(range(8))
    assert sorted(place_of(number, 8) for number in range(64)) == sorted(list(range(8)) * 8)


def test_a_statement_is_written_with_its_values() -> None:
    tenant, new = uuid.UUID(int=1), uuid.UUID(int=2)
    given = (tenant, new, {"a": None}, [tenant], ["x", 'y"'], None, *[0] * 3, "it's")
    sent = Sent("INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $10)", given)
    script = as_script([sent, sent], {tenant: ":tenant", id_of(0): "N"})
    assert (
        script.text.splitlines()
        == ["INSERT INTO t VALUES (:tenant, uuidv7(), :v0, ARRAY[:tenant], :v1, NULL, :v2);"] * 2
    )
    assert script.given == {"v0": '{"a": null}', "v1": '{"x","y\\""}', "v2": "it's"}


def test_what_was_not_reached_is_said() -> None:
    figures = {"environment": {}, "board_page": {"vs_postgraphile": 3.9, "vs_limit": 0.6}}
    table = report.markdown(figures)
    assert "| `board_page.vs_postgraphile` | ≥ 4 | 3.9 | no |" in table
    assert "| `board_page.vs_limit` | ≥ 0.6 | 0.6 | yes |" in table
    assert table.count(report.NOT_MEASURED) == 2 * (len(TARGETS) - 2)
