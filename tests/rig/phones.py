"""A phone in the field: impatient, forgetful, on a bad network, and never giving a report up."""

import asyncio
import json
import random
from typing import Any

from tests.rig.drafts import Draft
from tests.rig.servers import Estate
from tests.rig.wire import Answer, NoAnswer, ask, form

DEAF = 0.10  # share of acknowledgements that the phone ignores, so that it sends again
SHORTEST, LONGEST = 0.030, 2.0  # seconds a phone waits for an answer
PAUSE = 0.2  # seconds at most between two attempts
RECEIPT = ("client_id", "receipt_number", "receipt_hash", "received_at", "promised_on")


class Refused(Exception):
    """The server refused for good; no report of the rig deserves that."""


class Phone:
    """Sends drafts to any of the estate's servers until each part is acknowledged."""

    def __init__(self, estate: Estate, *, dice: random.Random) -> None:
        self._estate, self._dice = estate, dice
        self.our_faults: list[str] = []  # the servers' own mistakes; an unreachable database is none

    async def send(self, draft: Draft) -> None:
        """Send the report and its photos, in any order, each until it is acknowledged."""
        parts: list[str | None] = [None, *draft.pictures]
        self._dice.shuffle(parts)
        for digest in parts:
            await (self.hand_in(draft) if digest is None else self.upload(draft, digest))

    async def hand_in(self, draft: Draft) -> None:
        """Send the report itself. If the outcome is unknown, the phone first asks what the server has."""
        body = json.dumps(draft.body).encode()
        while True:
            answer = await self._try("PUT", draft.path, token=draft.token, body=body)
            if answer is None:
                answer = await self._try("GET", draft.path, token=draft.token)
            receipt = _acknowledged(answer, client_id=draft.client_id)
            if receipt:
                draft.receipts.append({name: receipt[name] for name in RECEIPT})
                if self._dice.random() >= DEAF:
                    return
            elif answer and answer.status != 404:
                _check_repeatable(answer)
            await self._pause()

    async def upload(self, draft: Draft, digest: str) -> None:
        """Send one photo, before or after the report that names it."""
        request = form(draft.pictures[digest])
        while True:
            answer = await self._try("POST", f"/api/v1/photos/{digest}", token=draft.token, **request)
            if _acknowledged(answer, sha256=digest):
                draft.kept.add(digest)
                if self._dice.random() >= DEAF:
                    return
            elif answer:
                _check_repeatable(answer)
            await self._pause()

    async def _try(self, method: str, path: str, **request: Any) -> Answer | None:
        """Return an answer, or None if the outcome is unknown."""
        try:
            async with asyncio.timeout(self._dice.uniform(SHORTEST, LONGEST)):
                answer = await ask(self._estate.any_port(self._dice), method, path, **request)
        except (NoAnswer, TimeoutError):
            return None
        if answer.status == 500:
            self.our_faults.append(f"{method} {path}")
        return answer

    async def _pause(self) -> None:
        await asyncio.sleep(self._dice.uniform(0.01, PAUSE))


def _acknowledged(answer: Answer | None, **expected: str) -> dict[str, Any] | None:
    """Only 200 or 201 with our JSON is an acknowledgement: captive portals answer 200 too."""
    if answer is None or answer.status not in (200, 201) or answer.kind != "application/json":
        return None
    told: dict[str, Any] = answer.json()
    return told if all(told.get(name) == value for name, value in expected.items()) else None


def _check_repeatable(answer: Answer) -> None:
    if answer.kind == "application/problem+json" and answer.json()["retry"] == "never":
        raise Refused(answer.body.decode())
