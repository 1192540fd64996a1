"""G9: no role and no thief can tell who reported. The attacks are tests, each with its planted fault; they run here."""

import asyncio
import re
import sys

from tests.rig.outcome import Outcome

ATTACKS = "tests/attacks"
ENDED = re.compile(r"(\d+) (passed|failed|error)")


async def who_reported(*, seed: int) -> Outcome:
    """Run every attack on who reported against real cities, intact and with a protection removed."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ATTACKS),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await child.communicate()
    text = said.decode(errors="replace")
    counts = {what: int(number) for number, what in ENDED.findall(text.splitlines()[-1])}
    broken = counts.get("failed", 0) + counts.get("error", 0) + (child.returncode != 0)
    notes = [line for line in text.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return Outcome("G9", seed, {"attacks": counts.get("passed", 0)}, {"told": int(broken)}, notes)
