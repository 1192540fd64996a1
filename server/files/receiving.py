"""Receives a file: stores it sealed under its hash, finds out what it is, has it scanned, and only then counts it."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from models import FileArrival
from server.files.announcing import MAX_BYTES
from server.files.checking import HEAD_BYTES, TAIL_BYTES, kind_of
from server.files.forgetting import drop, hold
from server.files.refusals import (
    FileDiffers,
    FileHasMacros,
    FileHasVirus,
    FileNotAccepted,
    FileStorageAway,
    FileTooBig,
    ScannerUnreachable,
    TooManyFiles,
)
from server.gateways import clamd
from server.gateways.storage import DigestMismatch, DiskFull, Kept, Missing, StorageDown, TooLarge
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.tools import Tools

FOLDER = "files"
A_DAY = timedelta(days=1)
MOST_A_DAY = 1024 * 1024 * 1024
REFUSALS = (
    FileNotAccepted,
    FileHasMacros,
    FileHasVirus,
    ScannerUnreachable,
    FileTooBig,
    FileDiffers,
    FileStorageAway,
    TooManyFiles,
)
OUTCOMES: dict[type[Exception], type[Refusal]] = {
    TooLarge: FileTooBig,
    DigestMismatch: FileDiffers,
    DiskFull: FileStorageAway,
    StorageDown: FileStorageAway,
    Missing: FileStorageAway,
    clamd.VirusFound: FileHasVirus,
    clamd.ScannerAway: ScannerUnreachable,
}
_checking = asyncio.Semaphore(4)


async def receive(
    pieces: AsyncIterable[bytes], *, sha256: str, by: Actor, now: datetime, tools: Tools
) -> tuple[FileArrival, bool]:
    """Keep a file of at most 50 MB; once it returns, the bytes are on the disk. Also tell whether it is new.

    The same file again costs its sender nothing. Raises REFUSALS, and then leaves nothing behind.
    """
    await _check_day(by, now=now)
    with _in_our_words():
        kept = await tools.storage.keep(
            pieces, folder=FOLDER, expected_sha256=sha256, max_bytes=MAX_BYTES, seal=tools.keys
        )
        if known := await FileArrival.get_or_none(sent_by_id=by.person.id, sha256=sha256):
            return known, False
        try:
            arrival = await _checked(kept, by=by, now=now, tools=tools)
            return await _count(arrival), True
        except BaseException:  # also if the sender hung up
            await drop(kept.key, storage=tools.storage)
            raise


async def receive_unhashed(
    pieces: AsyncIterable[bytes], *, by: Actor, now: datetime, tools: Tools
) -> FileArrival:
    """Keep a file that a browser's form sent without its digest; it waits in an unnamed file meanwhile."""
    with tempfile.TemporaryFile() as spool:
        digest, size = hashlib.sha256(), 0
        async for piece in pieces:
            size += len(piece)
            if size > MAX_BYTES:
                raise FileTooBig
            digest.update(piece)
            await asyncio.to_thread(spool.write, piece)
        if not size:
            raise FileNotAccepted
        spool.seek(0)
        arrival, _ = await receive(_read(spool), sha256=digest.hexdigest(), by=by, now=now, tools=tools)
        return arrival


async def _checked(kept: Kept, *, by: Actor, now: datetime, tools: Tools) -> FileArrival:
    """Look at the ends of the stored bytes and pass all of them to the scanner, in one reading, whatever their size."""
    head, tail = bytearray(), bytearray()

    async def seen() -> AsyncIterator[bytes]:
        async for piece in tools.storage.stream(kept.key, seal=tools.keys):
            head.extend(piece[: HEAD_BYTES - len(head)])
            tail.extend(piece)
            del tail[:-TAIL_BYTES]
            yield piece

    async with _checking:
        if tools.settings.clamd:
            await clamd.scan(seen(), address=tools.settings.clamd)
        else:
            async for _ in seen():
                pass
        kind = await asyncio.to_thread(kind_of, bytes(head), bytes(tail))
    return FileArrival(
        sha256=kept.sha256,
        bytes=kept.bytes,
        kind=kind,
        key=kept.key,
        is_scanned=bool(tools.settings.clamd),
        sent_by=by.person,
        received_at=now,
    )


@unit_of_work
async def _count(arrival: FileArrival) -> FileArrival:
    await hold(arrival.key)
    await FileArrival.bulk_create([arrival], ignore_conflicts=True)
    return await FileArrival.get(sent_by_id=arrival.sent_by_id, sha256=arrival.sha256)


async def _check_day(by: Actor, *, now: datetime) -> None:
    sent = await FileArrival.filter(sent_by_id=by.person.id, received_at__gt=now - A_DAY).only("bytes")
    if sum(one.bytes for one in sent) >= MOST_A_DAY:
        raise TooManyFiles


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except tuple(OUTCOMES) as error:
        raise OUTCOMES[type(error)] from error


async def _read(spool: Any) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(spool.read, 256 * 1024):
        yield piece
