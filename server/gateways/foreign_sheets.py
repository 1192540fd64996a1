"""Reads uploaded sheets in a child process, so that no file can stall the server.

The reader holds Python's lock (GIL) as long as it parses, so a thread would block everybody. The child gets no
secret, writes no file, has bounded memory and time, and reads one file: `python -m server.gateways.foreign_sheets`.
"""

import asyncio
import os
import resource
import signal
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from server.gateways.repacking import UnreadableSheet
from server.gateways.workbooks import Broken, Cell, Row, Sheet, read_workbook

PROJECT = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}
SECONDS = 20  # CPU time of the child
WAITING = 3  # wall time is this many times longer, because other processes share the machine
MEGABYTES = 1024
MOST_ANSWER_BYTES = 16 * 1024 * 1024
LARGEST_INTEGER = 2**63 - 1
AT_ONCE = asyncio.Semaphore(2)  # children of this process; a third one waits

TOO_HEAVY = UnreadableSheet(
    "表格内容太多，读取时间过长或占用内存过大。",
    hint="请新建一个工作簿，只把需要的行和列复制进去（粘贴为值），保存后再上传。",
)

Carried = str | int | float | bool | list[str] | None  # types that msgpack lacks travel as [kind, text]


class Refused(Struct, tag=True):
    """Why a file or a sheet can't be read."""

    message: str
    hint: str


class ToldSheet(Struct):
    """A sheet in transit: each row with its number and its cells."""

    name: str
    rows: list[tuple[int, list[Carried]]]
    hidden: list[int]
    counts_from_1904: bool
    trouble: Refused | None


class Told(Struct, tag=True):
    """The visible sheets of a file."""

    sheets: list[ToldSheet]


ANSWERS: msgspec.msgpack.Decoder[Told | Refused] = msgspec.msgpack.Decoder(Told | Refused)


async def read_foreign_workbook(
    data: bytes, *, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> list[Sheet]:
    """Return what `workbooks.read_workbook` returns; raises UnreadableSheet, also for too much time or memory."""
    async with AT_ONCE:
        said = await _asked(data, seconds=seconds, megabytes=megabytes)
    if not said or len(said) > MOST_ANSWER_BYTES:
        raise TOO_HEAVY
    answer = await asyncio.to_thread(ANSWERS.decode, said)
    if isinstance(answer, Refused):
        raise UnreadableSheet(answer.message, hint=answer.hint)
    return [_sheet(one) for one in answer.sheets]


async def _asked(data: bytes, *, seconds: float, megabytes: int) -> bytes:
    """Return the child's answer about a file; empty if it died or did not finish in time."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.gateways.foreign_sheets", str(megabytes), str(int(seconds) + 1)),
        stdin=PIPE,
        stdout=PIPE,
        cwd=PROJECT,
        env=ENVIRONMENT,
    )
    try:
        said, _ = await asyncio.wait_for(child.communicate(data), seconds * WAITING)
    except TimeoutError:
        return b""
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    return said if child.returncode == 0 else b""


def main(megabytes: int, seconds: int) -> None:
    """Read one file from standard input and write its content to standard output."""
    signal.alarm(seconds * WAITING)  # in case the parent is killed
    for kind, most in (
        (resource.RLIMIT_DATA, megabytes << 20),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, seconds),
    ):
        resource.setrlimit(kind, (most, most))
    sys.stdout.buffer.write(msgspec.msgpack.encode(_told(sys.stdin.buffer.read())))


def _told(data: bytes) -> Told | Refused:
    try:
        sheets = read_workbook(data)
    except UnreadableSheet as refusal:
        return Refused(refusal.message, refusal.hint)
    except MemoryError:
        return Refused(TOO_HEAVY.message, TOO_HEAVY.hint)
    return Told([_carried(one) for one in sheets])


def _carried(sheet: Sheet) -> ToldSheet:
    trouble = Refused(sheet.trouble.message, sheet.trouble.hint) if sheet.trouble else None
    rows = [(row.number, list(map(_packed, row.cells))) for row in sheet.rows]
    return ToldSheet(sheet.name, rows, list(sheet.hidden), sheet.counts_from_1904, trouble)


def _sheet(told: ToldSheet) -> Sheet:
    return Sheet(
        name=told.name,
        rows=tuple(Row(number, tuple(map(_unpacked, cells))) for number, cells in told.rows),
        hidden=tuple(told.hidden),
        counts_from_1904=told.counts_from_1904,
        trouble=UnreadableSheet(told.trouble.message, hint=told.trouble.hint) if told.trouble else None,
    )


def _packed(cell: Cell) -> Carried:
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, Broken):
        return ["broken", cell.sign]
    if isinstance(cell, int) and abs(cell) > LARGEST_INTEGER:
        return ["int", str(cell)]
    return cell


def _unpacked(cell: Carried) -> Cell:
    if not isinstance(cell, list):
        return cell
    kind, words = cell
    if kind == "broken":
        return Broken(words)
    if kind == "int":
        return int(words)
    return datetime.fromisoformat(words) if kind == "datetime" else date.fromisoformat(words)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
