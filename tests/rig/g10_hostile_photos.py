"""G10: photos made to be costly delay nobody's message, and somebody else's photo by a turn of each sender."""

import asyncio
import hashlib
import json
import random
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import asyncpg
from PIL import Image

from server.gateways.images.jpegs import MOST_SCANS
from tests.rig.drafts import Draft, a_draft
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate
from tests.rig.wire import ask, form

MESSAGE_SECONDS = 5.0
PHOTO_SECONDS = 60.0
PATIENCE = 300.0
FOUND_SCANS = 1500  # as in the finding that led to this goal
IN_LINE = "SELECT coalesce(sum(photos), 0) FROM photo_day"
DONE = "SELECT count(*) FROM photo WHERE state <> 'stored' AND sha256 = ANY($1::text[])"


async def hostile_photos(
    *,
    senders: int,
    each: int,
    seed: int,
    side: int = 7000,
    message_seconds: float = MESSAGE_SECONDS,
    change: tuple[str, ...] = (),
) -> Outcome:
    """So many senders with so many photos each: somebody honest reports while they upload, and while they report."""
    dice = random.Random(seed)
    outcome = Outcome("G10", seed)
    async with Estate(servers=1, worker_change=change) as estate:
        port = estate.port(0)
        honest, *members, _ = await estate.found(1 + senders)
        forbidden = a_costly_picture(side, FOUND_SCANS)
        taken = [await _upload(forbidden, token=one["token"], port=port) != 422 for one in members]
        database = await asyncpg.connect(estate.database_url)
        try:
            costly = a_costly_picture(side, MOST_SCANS)
            crowd = [_alone(member, costly, dice=dice) for member in members for _ in range(each)]
            uploads = asyncio.gather(*(_send_pictures(draft, port=port) for draft in crowd))
            await _until(lambda: _are_in_line(len(crowd), database))
            meanwhile = await _waits(a_draft(honest, dice=dice, pictures=1), port=port)
            await uploads

            await asyncio.gather(*(_send_words(draft, port=port) for draft in crowd))
            digests = [digest for draft in crowd for digest in draft.pictures]
            before = await database.fetchval(DONE, digests)
            afterwards = await _waits(a_draft(honest, dice=dice, pictures=1), port=port)
            overtook = await database.fetchval(DONE, digests) - before
        finally:
            await database.close()
    message, photo = (max(both) for both in zip(meanwhile, afterwards, strict=True))
    outcome.seen = {
        "senders": senders,
        "costly_photos": len(crowd),
        "message_ms": round(message * 1000),
        "photo_ms": round(photo * 1000),
        "went_before": overtook,
    }
    outcome.faults = {
        "forbidden_taken": sum(taken),
        "message_late": int(message > message_seconds),
        "photo_late": int(photo > PHOTO_SECONDS),
        "overtaken": max(0, overtook - 3 * senders),  # two turns of each, and what was under way
    }
    return outcome


def a_costly_picture(side: int, scans: int) -> bytes:
    """A small JPEG of many pixels that are passed over again and again."""
    out = BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "JPEG", progressive=True, quality=50)
    jpeg = out.getvalue()
    last, usual = jpeg.rindex(b"\xff\xda"), jpeg.count(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * (scans - usual) + jpeg[-2:]


def _alone(member: dict[str, str], picture: bytes, *, dice: random.Random) -> Draft:
    """A report with one picture that is unlike the others in its last bytes."""
    draft, picture = a_draft(member, dice=dice), picture + dice.randbytes(8)
    digest = hashlib.sha256(picture).hexdigest()
    draft.pictures = {digest: picture}
    draft.body["photos"] = [{"sha256": digest, "bytes": len(picture)}]
    return draft


async def _waits(draft: Draft, *, port: int) -> tuple[float, float]:
    """Report, and tell after how many seconds the receipt lies in the inbox and the photo can be seen."""
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
    for picture in draft.pictures.values():
        if (status := await _upload(picture, token=draft.token, port=port)) != 201:
            raise RuntimeError(f"not taken: {status}")


async def _upload(picture: bytes, *, token: str, port: int) -> int:
    path = f"/api/v1/photos/{hashlib.sha256(picture).hexdigest()}"
    return (await ask(port, "POST", path, token=token, **form(picture))).status


async def _are_in_line(many: int, database: asyncpg.Connection) -> bool:
    return bool(await database.fetchval(IN_LINE) >= many)


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
