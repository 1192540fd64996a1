"""Text messages to phones: the interface of a gateway, and one that only writes a file and says so.

Every province has its own gateway for government messages; a city brings a class of its own with this method.
"""

import asyncio
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Protocol

from server.gateways.sending import TryLater


class TextGateway(Protocol):
    """Sends text messages."""

    says: str  # what the proof of a message has to say about this gateway; empty for a real one

    async def send(self, number: str, words: str, *, key: str, now: datetime) -> str:
        """Send a text and return the gateway's number for it; `key` is the same for a second copy. Raises NotSent."""


class TextsToFile:
    """Writes each text as a line of a file instead of sending it; only the server's account can read it."""

    says = "只写入文件，没有真的发短信"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, number: str, words: str, *, key: str, now: datetime) -> str:
        line = {"at": now.isoformat(), "key": key, "number": number, "words": words}
        try:
            await asyncio.to_thread(self._write, json.dumps(line, ensure_ascii=False), now)
        except OSError as error:
            raise TryLater(type(error).__name__) from error
        return key

    def _write(self, line: str, now: datetime) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"texts-{now:%Y-%m-%d}.jsonl"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")
