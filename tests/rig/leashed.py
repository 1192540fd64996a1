"""Our programs as processes that can't outlive the rig, even if the rig is killed.

They are forked from a process that has imported everything: the storm starts servers every second, and each of them
would spend a second and a half on imports before it served.
"""

import ctypes
import os
import runpy
import signal
import sys
import warnings
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

PR_SET_PDEATHSIG = 1
FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(["tests.rig.warmed"])


def begin(words: Sequence[str], *, environment: Mapping[str, str], log: Path) -> BaseProcess:
    """Start `python -m words…` with exactly this environment; its output is appended to `log`."""
    process = FORKING.Process(target=_live, args=(list(words), dict(environment), log), daemon=True)
    process.start()
    return process


def carry_out(words: Sequence[str], *, environment: Mapping[str, str], log: Path) -> str:
    """Run `python -m words…` to its end and return its output; raises RuntimeError with it if the program failed."""
    process = begin(words, environment=environment, log=log)
    process.join()
    said = log.read_text()
    if process.exitcode != 0:
        raise RuntimeError(f"{words[0]} ended with {process.exitcode}:\n{said}")
    return said


def _live(words: list[str], environment: dict[str, str], log: Path) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = words
    warnings.filterwarnings("ignore", message=".* found in sys.modules")  # exactly what we want here
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    sys.stdout.flush()
