"""Among waiters, the one who has had least goes first."""

import asyncio

from server.gateways.images.turns import Turns


async def order_of(turns, *numbers, cancel=()):
    """Return the numbers in the order of their turns, all of them waiting for one in progress."""
    seen, free = [], asyncio.Event()

    async def have(number):
        async with turns.of(number):
            seen.append(number)

    async def hold():
        async with turns.of(0):
            await free.wait()

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(have(number)) for number in numbers]
    await asyncio.sleep(0)
    for place in cancel:
        waiting[place].cancel()
    free.set()
    await asyncio.gather(holder, *waiting, return_exceptions=True)
    return seen


async def test_the_first_photo_of_anybody_goes_before_the_ninth_of_somebody():
    assert await order_of(Turns(), 7, 8, 9, 1, 2) == [1, 2, 7, 8, 9]


async def test_who_gives_up_stops_nobody():
    turns = Turns()
    assert await order_of(turns, 3, 1, 2, cancel=[1]) == [2, 3]
    assert await order_of(turns, 5) == [5]


async def test_a_turn_that_came_while_its_owner_gave_up_is_passed_on():
    turns = Turns()
    async with turns.of(0):
        late = asyncio.create_task(turns.of(1).__aenter__())
        await asyncio.sleep(0)
    late.cancel()
    await asyncio.gather(late, return_exceptions=True)
    async with asyncio.timeout(1), turns.of(2):
        pass


async def test_a_failure_frees_the_turn():
    turns = Turns()
    try:
        async with turns.of(0):
            raise ValueError
    except ValueError:
        pass
    async with asyncio.timeout(1), turns.of(1):
        pass
