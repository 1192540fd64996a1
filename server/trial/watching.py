"""Supervises the trial's processes: starts them, restarts those that die, and stops them all.

Stop signals are blocked and polled during pauses, so none can arrive between a start and its being recorded.
Our own code, so that people who try the product need no process manager.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from server.trial.obstacle import Obstacle

ROOT = Path(__file__).parents[2]
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PULSE = 0.2  # seconds between two checks of the children
DRAIN_SECONDS = 25.0  # a server lets running requests finish for 20
READY_SECONDS = 60.0
DEATHS_ALLOWED = 5  # within
DEATHS_COUNTED_SECONDS = 60.0


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, closed the terminal, or sent SIGTERM."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """`python -m words…` with its Chinese title; its output goes to the file `log`."""

    title: str
    log: Path
    words: Sequence[str]
    environment: Mapping[str, str]

    def last_words(self) -> str:
        """Return where the log is, and its last lines."""
        lines = self.log.read_text(errors="replace").splitlines()[-8:]
        return "\n".join([f"日志在 {self.log}，最后几行：", *lines])


@dataclass
class Child:
    """A running program."""

    program: Program
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None


class Watch:
    """All processes besides the database. Once created, it catches stop signals; on exit, it ends what it started."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._stops = {number for number in STOP_SIGNALS if signal.getsignal(number) != signal.SIG_IGN}
        signal.pthread_sigmask(signal.SIG_BLOCK, self._stops)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def pause(self, seconds: float = PULSE) -> None:
        """Wait; raises StopAsked as soon as a stop signal arrives."""
        if signal.sigtimedwait(self._stops, seconds):
            raise StopAsked

    def keep(self, program: Program, *, is_ready: Callable[[], bool]) -> None:
        """Start a program and keep it running; raises Obstacle if it isn't ready within a minute."""
        child = self._start(program)
        give_up_at = time.monotonic() + READY_SECONDS
        while not is_ready():
            if not child.is_alive or time.monotonic() > give_up_at:
                raise Obstacle(f"{program.title}没有启动成功。{program.last_words()}")
            self.pause()

    def do(self, program: Program) -> None:
        """Run a program to its end; raises Obstacle if it fails."""
        child = self._start(program)
        while child.is_alive:
            self.pause()
        self._children.remove(child)
        if child.process.returncode != 0:
            raise Obstacle(f"{program.title}没有完成。{program.last_words()}")

    def look(self) -> None:
        """Restart dead programs; raises Obstacle if one keeps dying."""
        for child in self._children:
            if child.is_alive:
                continue
            now = time.monotonic()
            child.deaths = [at for at in child.deaths if at > now - DEATHS_COUNTED_SECONDS] + [now]
            if len(child.deaths) > DEATHS_ALLOWED:
                raise Obstacle(f"{child.program.title}反复退出，已停止。{child.program.last_words()}")
            _note_death(child)
            say(f"{child.program.title}意外退出，正在重新启动……")
            child.process = _launch(child.program)

    def stop(self) -> None:
        """Stop all children, the last started first, each after its running work; a second signal skips the waiting."""
        is_hurried = False
        while self._children:
            process = self._children.pop().process
            process.terminate()
            give_up_at = time.monotonic() + DRAIN_SECONDS
            while process.poll() is None and not is_hurried and time.monotonic() < give_up_at:
                is_hurried = signal.sigtimedwait(self._stops, PULSE / 4) is not None
            process.kill()
            process.wait()

    def _start(self, program: Program) -> Child:
        child = Child(program, _launch(program))
        self._children.append(child)
        return child


def _note_death(child: Child) -> None:
    """Write a child's death into its own log: a killed process can't write what happened to it."""
    code = child.process.returncode
    killed_by = {"signal": signal.Signals(-code).name} if code < 0 else {"code": code}
    line = {"pid": child.process.pid, **killed_by, "event": "process_died", "level": "error"}
    line["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    with child.program.log.open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")


def say(sentence: str) -> None:
    """Print a sentence for the person at the keyboard, whose terminal may be gone."""
    try:
        print(sentence, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  stays open to the end


def _launch(program: Program) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    with program.log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *program.words],
            env=program.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches only us, and we stop them in order
            preexec_fn=lambda: _take_leash(parent),  # this process has no threads
        )


def _take_leash(parent: int) -> None:
    """In the child: unblock signals, and die with the parent, even if it is killed."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
