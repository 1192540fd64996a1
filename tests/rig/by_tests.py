"""Goals whose figures stand in tests: they run here in a process of their own, each with its planted fault."""

import asyncio
import os
import re
import sys
from collections.abc import Mapping

from tests.rig.outcome import Outcome

ENDED = re.compile(r"(\d+) (passed|failed|error|skipped)")
AS_USUAL: Mapping[str, str] = {}


async def by_tests(goal: str, *paths: str, seed: int, more: Mapping[str, str] = AS_USUAL) -> Outcome:
    """Run tests by their paths, with the environment of their long form. A test that was left out shows nothing."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths),
        env={**os.environ, **more},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await child.communicate()
    text = said.decode(errors="replace")
    counts = {what: int(number) for number, what in ENDED.findall(text.splitlines()[-1])}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    notes = [line for line in text.splitlines() if line.startswith(("FAILED", "ERROR"))]
    faults = {"failed": failed or int(child.returncode != 0), "left_out": counts.get("skipped", 0)}
    return Outcome(goal, seed, {"tests": counts.get("passed", 0)}, faults, notes)
