"""Runs the verifier, a separate program that shares no code with this one and reads the database by itself."""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from server.kernel.clock import Clock
from server.settings import Settings

ROOT = Path(__file__).parents[3]
PROGRAM = "server.verifying"
PATIENCE_SECONDS = 50  # a page waits for 60
FAULT, HINT = "异常：", "提示："
ONE_AT_A_TIME = asyncio.Lock()


@dataclass(frozen=True)
class Checked:
    """What the verifier found; `is_over` is false if it could not finish, and `why` says so."""

    at: datetime
    seconds: int = 0
    faults: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    summary: str = ""
    is_over: bool = True
    why: str = ""


async def verify(settings: Settings, *, clock: Clock) -> Checked:
    """Verify ledger, journal and numbers; a second request at the same time waits for the first."""
    async with ONE_AT_A_TIME:
        started = clock.now()
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            PROGRAM,
            "--anchors",
            str(settings.data_dir / "anchors.log"),
            "--storage",
            "none",  # reading every photo takes longer than a page waits
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": settings.verify_database_url, "PYTHONIOENCODING": "utf-8"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            told, _ = await asyncio.wait_for(program.communicate(), PATIENCE_SECONDS)
        except TimeoutError:
            return Checked(started, is_over=False, why="日志很多，请在服务器上运行 scripts/verify 查看结果。")
        finally:
            if program.returncode is None:
                program.kill()
    return _read(told.decode().splitlines(), started, now=clock.now(), ended_with=program.returncode)


def _read(lines: list[str], started: datetime, *, now: datetime, ended_with: int | None) -> Checked:
    faults, hints = _after(FAULT, lines), _after(HINT, lines)
    last = lines[-1] if lines else ""
    if ended_with not in (0, 1) or (ended_with == 1 and not faults):
        why = "核验程序没有正常结束，请在服务器上运行 scripts/verify 查看原因。"
        return Checked(started, is_over=False, why=last or why)
    seconds = round((now - started).total_seconds())
    return Checked(started, seconds, faults, hints, last.partition("：")[2])


def _after(word: str, lines: list[str]) -> list[str]:
    return [line.removeprefix(word) for line in lines if line.startswith(word)]
