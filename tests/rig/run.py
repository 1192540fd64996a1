"""Runs goals and prints a line for each: `python -m tests.rig.run G1 --seconds 45 --seed 7`, `--list`, `--long`."""

import argparse
import asyncio
import random
import sys

from tests.rig.goals import GOALS

LONG = {"seconds": 600.0, "frozen": 30.0, "busy": 300.0, "share": 1.0, "drafts": 300, "reports": 1500}


def main() -> None:
    """List the goals, or run those named, or all of them."""
    asked = _parser().parse_args()
    if unknown := set(asked.goals) - set(GOALS):
        _parser().error(f"no such goal: {', '.join(sorted(unknown))}")
    if asked.list:
        _list()
        return
    if asked.long:
        vars(asked).update(LONG)
    chosen = asked.goals or list(GOALS)
    kept = sum([_is_kept(goal, asked) for goal in chosen])
    _say(f"{kept} of {len(chosen)} kept")
    sys.exit(int(kept < len(chosen)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/rig", description=__doc__)
    parser.add_argument(
        "goals", nargs="*", metavar="GOAL", help=f"of {', '.join(GOALS)}; all if none is named"
    )
    parser.add_argument(
        "--list", action="store_true", help="name the goals, their figures and what shows them"
    )
    parser.add_argument(
        "--long", action="store_true", help="with the figures of the list; over an hour for all"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="replays a run")
    for name, kind, default, words in (
        ("seconds", float, 45.0, "of load (G1)"),
        ("ids", int, 200, "each sent eight times at once (G2)"),
        ("connections", int, 4000, "to drop (G3)"),
        ("drafts", int, 40, "of six photos over bad lines (G4)"),
        ("messages", int, 1000, "through a failing WeChat (G6)"),
        ("days", int, 370, "of three schedulers (G7)"),
        ("senders", int, 10, "of costly photos, 22 each (G10)"),
        ("rounds", int, 12, "of each of 25 kinds of attacks (G11)"),
        ("desks", int, 12, "whose names are guessed (G14)"),
        ("busy", float, 60.0, "seconds of the busy hour (G16)"),
        ("share", float, 1 / 3, "of its load (G16)"),
        ("reports", int, 300, "before, after and beyond the backup (G19)"),
        ("frozen", float, 15.0, "seconds of each freeze (G20)"),
    ):
        parser.add_argument(f"--{name}", type=kind, default=default, help=words)
    return parser


def _list() -> None:
    for name, goal in GOALS.items():
        lines = [f"{name:<4}{goal.promise}", f"figure   {goal.figure}", f"shown by {goal.shown_by}"]
        _say("\n    ".join([*lines, f"short    {goal.short}"]))


def _is_kept(goal: str, asked: argparse.Namespace) -> bool:
    """Run a goal and print its line; a run that breaks down keeps nothing."""
    try:
        outcome = asyncio.run(GOALS[goal].run(asked))
    except Exception as error:
        _say(f"{goal} seed={asked.seed} {type(error).__name__}: {error} BROKEN")
        return False
    _say("\n".join([*outcome.notes, str(outcome)]))
    return outcome.is_kept


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
