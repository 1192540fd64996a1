"""Runs goals and prints a line for each: `python -m tests.rig.run G1 --seconds 45 --seed 7`."""

import argparse
import asyncio
import random
import sys
from collections.abc import Awaitable, Callable

from tests.rig.g1_acknowledged import acknowledged
from tests.rig.g2_same_again import same_again
from tests.rig.g3_hang_ups import hang_ups
from tests.rig.g6_sent_or_seen import sent_or_seen
from tests.rig.g7_one_run import one_run
from tests.rig.g9_who_reported import who_reported
from tests.rig.g10_hostile_photos import hostile_photos
from tests.rig.g11_any_change import any_change
from tests.rig.g14_signing_in import signing_in
from tests.rig.g18_full_disk import full_disk
from tests.rig.g19_back_again import back_again
from tests.rig.g20_heals import heals
from tests.rig.outcome import Outcome

GOALS: dict[str, Callable[[argparse.Namespace], Awaitable[Outcome]]] = {
    "G1": lambda asked: acknowledged(seconds=asked.seconds, seed=asked.seed),
    "G2": lambda asked: same_again(ids=asked.ids, seed=asked.seed),
    "G3": lambda asked: hang_ups(connections=asked.connections, seed=asked.seed),
    "G6": lambda asked: sent_or_seen(messages=asked.messages, kills=20, seed=asked.seed),
    "G7": lambda asked: one_run(days=asked.days, seed=asked.seed),
    "G9": lambda asked: who_reported(seed=asked.seed),
    "G10": lambda asked: hostile_photos(senders=asked.senders, each=22, seed=asked.seed),
    "G11": lambda asked: any_change(rounds=asked.rounds, seed=asked.seed),
    "G14": lambda asked: signing_in(desks=asked.desks, seed=asked.seed),
    "G18": lambda asked: full_disk(seed=asked.seed),
    "G19": lambda asked: back_again(reports=asked.reports, seed=asked.seed),
    "G20": lambda asked: heals(seconds=asked.frozen, freezes=3, seed=asked.seed),
}


def main() -> None:
    """Run the goals named, or all of them."""
    parser = argparse.ArgumentParser(prog="scripts/rig", description=__doc__)
    parser.add_argument(
        "goals", nargs="*", metavar="GOAL", help=f"of {', '.join(GOALS)}; all if none is named"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="replays a run")
    parser.add_argument("--seconds", type=float, default=45, help="of load (G1)")
    parser.add_argument("--ids", type=int, default=200, help="each sent eight times at once (G2)")
    parser.add_argument("--connections", type=int, default=4000, help="to drop (G3)")
    parser.add_argument("--messages", type=int, default=1000, help="through a failing WeChat (G6)")
    parser.add_argument("--days", type=int, default=370, help="of three schedulers (G7)")
    parser.add_argument("--senders", type=int, default=10, help="of costly photos, 22 each (G10)")
    parser.add_argument("--rounds", type=int, default=12, help="of each of 25 kinds of attacks (G11)")
    parser.add_argument("--desks", type=int, default=12, help="whose names are guessed (G14)")
    parser.add_argument("--reports", type=int, default=300, help="before, after and beyond the backup (G19)")
    parser.add_argument("--frozen", type=float, default=15, help="seconds of each freeze (G20)")
    asked = parser.parse_args()
    if unknown := set(asked.goals) - set(GOALS):
        parser.error(f"no such goal: {', '.join(sorted(unknown))}")
    broken = False
    for goal in asked.goals or GOALS:
        outcome = asyncio.run(GOALS[goal](asked))
        sys.stdout.write("\n".join([*outcome.notes, str(outcome), ""]))
        sys.stdout.flush()
        broken = broken or not outcome.is_kept
    sys.exit(int(broken))


if __name__ == "__main__":
    main()
