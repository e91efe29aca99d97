"""The queue in front of the pool: a city that floods waits behind itself; nobody's seat is lost."""

import asyncio
import random
import uuid
from collections import Counter

import pytest

from libs.persistence.turns import Turns, most_of_one

IKOMA, TAKAMATSU, WAKKANAI = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


async def settled() -> None:
    """Until every task has gone as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


class Crowd:
    """Tasks that take a seat and keep it until they are told to end; the order in which they were seated."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.seated: list[uuid.UUID] = []
        self.ends: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []

    def come(self, key: uuid.UUID, how_many: int = 1) -> None:
        self.tasks += [asyncio.create_task(self._sit(key)) for _ in range(how_many)]

    async def _sit(self, key: uuid.UUID) -> None:
        async with self.turns.of(key):
            end = asyncio.Event()
            self.seated.append(key)
            self.ends.append(end)
            await end.wait()

    async def end_first(self) -> None:
        self.ends.pop(0).set()
        await settled()

    async def go_home(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.mark.parametrize(("seats", "most"), [(1, 1), (2, 2), (3, 2), (4, 3), (6, 4), (8, 6), (100, 67)])
def test_one_city_never_has_all_of_a_pool_with_room_for_others(seats: int, most: int) -> None:
    assert most_of_one(seats) == most


async def test_a_seat_is_free_for_takamatsu_while_ikoma_floods() -> None:
    crowd = Crowd(Turns(6))
    crowd.come(IKOMA, 100)
    await settled()
    assert crowd.seated == [IKOMA] * 4
    crowd.come(TAKAMATSU)
    await settled()
    assert crowd.seated[-1] == TAKAMATSU
    await crowd.go_home()


async def test_cities_take_turns_however_many_of_each_wait() -> None:
    crowd = Crowd(Turns(2, most=2))
    crowd.come(IKOMA, 50)
    await settled()
    crowd.come(TAKAMATSU, 3)
    crowd.come(WAKKANAI, 3)
    await settled()
    for _ in range(8):
        await crowd.end_first()
    assert crowd.seated[2:10] == [
        IKOMA, TAKAMATSU, WAKKANAI, IKOMA, TAKAMATSU, WAKKANAI, IKOMA, TAKAMATSU
    ]  # fmt: skip
    await crowd.go_home()


async def test_within_a_city_it_is_first_come_first_served() -> None:
    turns, order = Turns(1), list[int]()
    await turns.take(IKOMA)

    async def wait(number: int) -> None:
        async with turns.of(IKOMA):
            order.append(number)

    tasks = [asyncio.create_task(wait(number)) for number in range(20)]
    await settled()
    turns.give_back(IKOMA)
    await asyncio.gather(*tasks)
    assert order == list(range(20))


async def test_who_gives_up_waiting_leaves_no_seat_taken() -> None:
    turns = Turns(1)
    await turns.take(IKOMA)
    waiting = [asyncio.create_task(turns.take(key)) for key in (IKOMA, TAKAMATSU, TAKAMATSU)]
    await settled()
    waiting[0].cancel()
    waiting[1].cancel()
    turns.give_back(IKOMA)  # before those who gave up have run
    await asyncio.wait_for(waiting[2], 1)
    turns.give_back(TAKAMATSU)
    await asyncio.wait_for(turns.take(IKOMA), 1)
    await asyncio.gather(*waiting[:2], return_exceptions=True)


async def test_a_seat_given_to_one_who_is_cut_off_goes_to_the_next() -> None:
    turns = Turns(1)
    await turns.take(IKOMA)
    first, second = (asyncio.create_task(turns.take(key)) for key in (IKOMA, TAKAMATSU))
    await settled()
    turns.give_back(IKOMA)  # the first has it, and does not know yet
    first.cancel()
    await asyncio.wait_for(second, 1)
    assert first.cancelled()
    turns.give_back(TAKAMATSU)


@pytest.mark.parametrize("seed", range(20))
async def test_no_order_of_coming_waiting_and_giving_up_breaks_the_bounds(seed: int) -> None:
    """Every seat comes back, none is given twice, nobody has more than the most."""
    chance = random.Random(seed)
    seats, most = chance.choice([(1, 1), (3, 2), (6, 4)])
    turns, held = Turns(seats, most), Counter[uuid.UUID]()

    async def visit(key: uuid.UUID) -> None:
        async with turns.of(key):
            held[key] += 1
            assert held.total() <= seats
            assert held[key] <= most
            try:
                for _ in range(chance.randrange(4)):
                    await asyncio.sleep(0)
            finally:
                held[key] -= 1

    tasks = list[asyncio.Task[None]]()
    for _ in range(300):
        tasks.append(asyncio.create_task(visit(chance.choice([IKOMA, IKOMA, TAKAMATSU, WAKKANAI]))))
        if chance.random() < 0.3:
            chance.choice(tasks).cancel()
        if chance.random() < 0.5:
            await asyncio.sleep(0)
    done = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert {type(each) for each in done} <= {type(None), asyncio.CancelledError}
    for _ in range(seats):
        await asyncio.wait_for(turns.take(chance.choice([uuid.uuid4(), uuid.uuid4()])), 1)
