"""G10: costly photos delay nobody's message, and other people's photos at most by the work already in progress."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from server.gateways.images import cost_of
from server.photos.allowing import MOST_AT_ONCE
from tests.rig.costly_senders import CostlySenders, a_costly_picture, upload
from tests.rig.drafts import Draft, a_draft
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate
from tests.rig.wire import ask

MESSAGE_SECONDS = 5.0
PHOTO_SECONDS = 60.0
PATIENCE = 300.0
FOUND_SCANS = 1500  # as in the finding that led to this goal
IN_THE_LINE = 22  # photos that wait to be rendered: more than there are slots for messages
MOST_BEFORE = 6  # in progress, or from senders who caused as little work so far
CHARGED = "SELECT coalesce(sum(cost), 0) FROM photo_day"
TAKEN = "SELECT count(*) FROM photo WHERE bytes = $1"
SHOWN = "SELECT count(*) FROM photo WHERE bytes = $1 AND state = 'shown'"


async def hostile_photos(
    *,
    senders: int,
    each: int,
    seed: int,
    side: int = 7000,
    message_seconds: float = MESSAGE_SECONDS,
    change: tuple[str, ...] = (),
    worker_change: tuple[str, ...] = (),
) -> Outcome:
    """Let `senders` upload `each` photos at once without stopping, while an honest person reports twice.

    First their photos wait to be checked; then, in addition, many accepted ones wait to be rendered.
    """
    dice = random.Random(seed)
    outcome = Outcome("G10", seed)
    async with Estate(servers=1, change=change, worker_change=worker_change) as estate:
        port = estate.port(0)
        honest, *members, _ = await estate.found(1 + senders)
        forbidden = a_costly_picture(side, FOUND_SCANS)
        answers = [await upload(forbidden, token=one["token"], port=port) for one in members]
        attack = CostlySenders(members, side=side, each=each, dice=dice, port=port)
        all_at_once = cost_of(attack.picture) * senders * min(each, MOST_AT_ONCE)
        database = await asyncpg.connect(estate.database_url)

        async def served(past: str) -> tuple[float, float, int]:
            before = await database.fetchval(past, attack.size)
            message, photo = await _waits(a_draft(honest, dice=dice, pictures=1), port=port)
            return message, photo, await database.fetchval(past, attack.size) - before

        async def are_waiting() -> bool:
            return bool(await database.fetchval(CHARGED) >= all_at_once)

        async def are_taken() -> bool:
            return len(attack.taken) >= IN_THE_LINE

        try:
            async with attack:
                await _until(are_waiting)
                first = await served(past=TAKEN)
                await _until(are_taken)
                await attack.report_what_was_taken()
                second = await served(past=SHOWN)
        finally:
            await database.close()
    outcome.seen = {
        "senders": senders,
        "photos_taken": len(attack.taken),
        "tries_refused": attack.refused,
        "message_ms": round(1000 * max(first[0], second[0])),
        "photo_ms": round(1000 * max(first[1], second[1])),
        "looked_at_before": first[2],
        "rendered_before": second[2],
    }
    outcome.faults = {
        "forbidden_passed": sum(answer.status != 422 for answer in answers),
        "message_late": int(max(first[0], second[0]) > message_seconds),
        "photo_late": int(max(first[1], second[1]) > PHOTO_SECONDS),
        "overtaken_at_the_door": max(0, first[2] - MOST_BEFORE),
        "overtaken": max(0, second[2] - MOST_BEFORE),
        "our_mistakes": len(attack.mistakes),
    }
    outcome.notes += [f"answered {status}" for status in set(attack.mistakes)]
    return outcome


async def _waits(draft: Draft, *, port: int) -> tuple[float, float]:
    """Report, and return after how many seconds the receipt is in the inbox and the photo is visible."""
    begun = asyncio.get_running_loop().time()

    async def after(happens: Callable[[], Awaitable[bool]]) -> float:
        await _until(happens)
        return asyncio.get_running_loop().time() - begun

    async def photo() -> float:
        await _send_pictures(draft, port=port)
        return await after(lambda: _is_shown(draft, port=port))

    await _send_words(draft, port=port)
    return await asyncio.gather(after(lambda: _is_told(draft, port=port)), photo())


async def _send_words(draft: Draft, *, port: int) -> None:
    body = json.dumps(draft.body).encode()
    answer = await ask(port, "PUT", draft.path, token=draft.token, body=body)
    if answer.status != 201:
        raise RuntimeError(f"not taken: {answer.status}")


async def _send_pictures(draft: Draft, *, port: int) -> None:
    """Send pictures as our mini-program does: retry what may be repeated after the pause the answer asks for."""
    for picture in draft.pictures.values():
        while (answer := await upload(picture, token=draft.token, port=port)).status >= 300:
            if answer.json()["retry"] == "never":
                raise RuntimeError(f"not taken: {answer.status}")
            await asyncio.sleep(float(answer.headers["retry-after"]))


async def _is_told(draft: Draft, *, port: int) -> bool:
    inbox: Any = (await ask(port, "GET", "/api/v1/inbox", token=draft.token)).json()
    return any(line["subject_id"] == draft.client_id for line in inbox["items"])


async def _is_shown(draft: Draft, *, port: int) -> bool:
    card: Any = (await ask(port, "GET", draft.path, token=draft.token)).json()
    return all(photo["links"] for photo in card["photos"]) and not card["missing"]


async def _until(happens: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it happens, or patience ends."""
    until = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < until and not await happens():
        await asyncio.sleep(0.1)
