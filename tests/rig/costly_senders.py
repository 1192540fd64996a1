"""Senders of costly photos: each uploads many at once, retries as soon as allowed, and never stops."""

import asyncio
import hashlib
import json
import random
from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from server.gateways.images.jpegs import MOST_PASSES, MOST_SCANS
from tests.rig.drafts import Draft, a_draft
from tests.rig.wire import Answer, NoAnswer, ask, form

REFUSED = {409, 429, 503}


class CostlySenders:
    """An attack with one kind of photo, `each` uploads at once per member, running inside `async with`."""

    def __init__(
        self, members: Sequence[dict[str, str]], *, side: int, each: int, dice: random.Random, port: int
    ) -> None:
        self.picture = a_costly_picture(side, costliest(side))
        self.taken: list[Draft] = []
        self.refused = 0
        self.mistakes: list[int] = []  # answers that nobody should get
        self._senders = [member for member in members for _ in range(each)]
        self._dice, self._port = dice, port
        self._at_work: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "CostlySenders":
        self._at_work = [asyncio.create_task(self._go_on(member)) for member in self._senders]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    @property
    def size(self) -> int:
        """The size in bytes of each of their photos, which identifies them."""
        return len(self.picture) + TAIL

    async def report_what_was_taken(self) -> None:
        """Send reports that name all accepted photos so far."""
        await asyncio.gather(*(_report(draft, port=self._port) for draft in self.taken))

    async def _go_on(self, member: dict[str, str]) -> None:
        while True:
            draft = an_only_photo(member, self.picture, dice=self._dice)
            while (answer := await self._try(draft)) is None or answer.status in REFUSED:
                self.refused += 1
                await asyncio.sleep(float(answer.headers["retry-after"]) if answer else 1)
            if answer.status == 201:
                self.taken.append(draft)
            else:
                self.mistakes.append(answer.status)

    async def _try(self, draft: Draft) -> Answer | None:
        (picture,) = draft.pictures.values()
        try:
            return await upload(picture, token=draft.token, port=self._port)
        except NoAnswer:
            return None


TAIL = 8  # bytes after its end, which make a picture unlike the others


def an_only_photo(member: dict[str, str], picture: bytes, *, dice: random.Random) -> Draft:
    """Return a report with one photo."""
    draft, picture = a_draft(member, dice=dice), picture + dice.randbytes(TAIL)
    digest = hashlib.sha256(picture).hexdigest()
    draft.pictures = {digest: picture}
    draft.body["photos"] = [{"sha256": digest, "bytes": len(picture)}]
    return draft


def costliest(side: int) -> int:
    """Return how many scans a square picture may have and still be accepted."""
    return min(MOST_SCANS, MOST_PASSES // side**2)


def a_costly_picture(side: int, scans: int) -> bytes:
    """Return a small JPEG of many pixels with very many scans."""
    out = BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "JPEG", progressive=True, quality=50)
    jpeg = out.getvalue()
    last, usual = jpeg.rindex(b"\xff\xda"), jpeg.count(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * (scans - usual) + jpeg[-2:]


async def upload(picture: bytes, *, token: str, port: int) -> Answer:
    """Upload a photo once."""
    path = f"/api/v1/photos/{hashlib.sha256(picture).hexdigest()}"
    return await ask(port, "POST", path, token=token, **form(picture))


async def _report(draft: Draft, *, port: int) -> None:
    await ask(port, "PUT", draft.path, token=draft.token, body=json.dumps(draft.body).encode())
