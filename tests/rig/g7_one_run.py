"""G7: reminders are planned once for each day, none is missed, and none outlives its cause."""

import json

from tests.rig.outcome import Outcome
from tests.rig.servers import Estate


async def one_run(*, days: int, seed: int, change: tuple[str, ...] = ()) -> Outcome:
    """Let three schedulers plan that many days with clocks that jump, cut connections and days without any."""
    outcome = Outcome("G7", seed)
    async with Estate(servers=0, worker=False) as estate:
        said = await estate.run("tests.rig.simulating_days", str(days), str(seed), *change)
        told = json.loads(said.splitlines()[-1])
    outcome.seen |= told["seen"]
    outcome.faults |= dict.fromkeys(("doubled_runs", "missed_periods", "missed", "after_the_end"), 0)
    outcome.faults |= told["faults"]
    return outcome
