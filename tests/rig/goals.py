"""The twenty goals of the project: what each promises, the figure it is held to, and what shows it."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tests.rig.by_tests import AS_USUAL, by_tests
from tests.rig.g1_acknowledged import acknowledged
from tests.rig.g2_same_again import same_again
from tests.rig.g3_hang_ups import hang_ups
from tests.rig.g4_bad_lines import bad_lines
from tests.rig.g5_full_disk import full_disk
from tests.rig.g6_sent_or_seen import sent_or_seen
from tests.rig.g7_one_run import one_run
from tests.rig.g10_hostile_photos import hostile_photos
from tests.rig.g11_any_change import any_change
from tests.rig.g14_signing_in import signing_in
from tests.rig.g16_busy_hour import busy_hour
from tests.rig.g19_back_again import back_again
from tests.rig.g20_heals import heals
from tests.rig.outcome import Outcome


@dataclass(frozen=True)
class Goal:
    """A goal: its promise and figure in words, the program or tests that show it, and its form in scripts/test."""

    promise: str
    figure: str
    shown_by: str
    run: Callable[[argparse.Namespace], Awaitable[Outcome]]
    short: str


def _tests(number: int, *paths: str, promise: str, figure: str, long: Mapping[str, str] = AS_USUAL) -> Goal:
    """Return a goal that tests show; `long` is their environment when they run here."""

    async def run(asked: argparse.Namespace) -> Outcome:
        return await by_tests(f"G{number}", *paths, seed=asked.seed, more=long)

    return Goal(promise, figure, " ".join(paths), run, "the same tests")


GOALS = {
    "G1": Goal(
        "an acknowledged report is never lost, doubled or altered",
        "10 min, 12 phones, servers and worker killed, PostgreSQL crashed 60 times: lost = dup = altered = 0",
        "tests/rig/g1_acknowledged.py",
        lambda asked: acknowledged(
            seconds=asked.seconds, seed=asked.seed, pulls=max(5, round(asked.seconds / 10))
        ),
        "tests/rig/test_g1.py (10 s)",
    ),
    "G2": Goal(
        "the same report again gets the same answer, another under its id is refused",
        "200 ids x 8 at once over 2 servers: 200 rows, 1,600 equal answers; 200 altered: 422",
        "tests/rig/g2_same_again.py",
        lambda asked: same_again(ids=asked.ids, seed=asked.seed),
        "tests/rig/test_g2.py, tests/server/observations/test_submitting.py",
    ),
    "G3": Goal(
        "phones that hang up can't starve the server",
        "4,000 connections dropped within 80 ms: 0 left in a transaction, the next 50 answered within 300 ms",
        "tests/rig/g3_hang_ups.py",
        lambda asked: hang_ups(connections=asked.connections, seed=asked.seed),
        "tests/rig/test_g3.py",
    ),
    "G4": Goal(
        "photos arrive whole or not at all, and one by one",
        "300 reports x 6 photos (100-500 KB) over lines that cut 30 %, swallow 10 %, black-hole 5 %: "
        "all whole within 10 min, sent <= 1.5 x payload",
        "tests/rig/g4_bad_lines.py",
        lambda asked: bad_lines(reports=asked.drafts, seed=asked.seed),
        "tests/rig/test_g4.py (6 reports)",
    ),
    "G5": Goal(
        "a full disk is said, not swallowed",
        "every upload kept and readable, or 507 with nothing left; text goes on; healed within 10 s of room",
        "tests/rig/g5_full_disk.py",
        lambda asked: full_disk(seed=asked.seed),
        "tests/rig/test_g5.py, tests/server/gateways/storage/test_surviving.py",
    ),
    "G6": Goal(
        "a message is sent, or somebody sees that it was not",
        "1,000 messages through a failing WeChat, sender killed 20 times: 0 without a final state",
        "tests/rig/g6_sent_or_seen.py",
        lambda asked: sent_or_seen(messages=asked.messages, kills=20, seed=asked.seed),
        "tests/rig/test_g6.py",
    ),
    "G7": Goal(
        "a planned job runs exactly once for each period",
        "3 schedulers, 370 days, clocks that jump: doubled = missed = 0",
        "tests/rig/g7_one_run.py",
        lambda asked: one_run(days=asked.days, seed=asked.seed),
        "tests/rig/test_g7.py (60 days)",
    ),
    "G8": _tests(
        8,
        "tests/access/test_access.py",
        "tests/access/test_leaks.py",
        promise="nobody reads or changes what is not theirs",
        figure="every route x every role x whose it is (>= 2,000 cells): wrong = 0; an unlisted route fails",
    ),
    "G9": _tests(
        9,
        "tests/attacks",
        promise="nobody can tell who reported",
        figure="twins of every role: differing bytes = 0; canary: 0 hits; tables, log and dump join nobody",
    ),
    "G10": Goal(
        "a hostile file harms nobody",
        ">= 60 hostile files: 0 crashes, 0 originals served; 10 senders x 22 costly photos hold up nobody",
        "tests/rig/g10_hostile_photos.py",
        lambda asked: hostile_photos(senders=asked.senders, each=22, seed=asked.seed),
        "tests/rig/test_g10.py, tests/server/gateways/images",
    ),
    "G11": Goal(
        "tampering with the ledger shows, even by the database's owner",
        "25 kinds x 12 attacks: 300 of 300 found",
        "tests/rig/g11_any_change.py",
        lambda asked: any_change(rounds=asked.rounds, seed=asked.seed),
        "tests/rig/test_g11.py",
    ),
    "G12": _tests(
        12,
        "tests/server/scoring/test_machine.py",
        "tests/server/scoring/test_verify_result.py",
        "tests/server/scoring/test_sealing.py",
        promise="a locked score can't change, and anybody can recompute the result",
        figure="200 random lives of a round x 50 steps: 0 writes after the lock; recomputed - stored = 0",
        long={"ROUNDS_TRIED": "200"},
    ),
    "G13": _tests(
        13,
        "tests/server/site_visits/test_forgeries.py",
        "tests/server/site_visits/test_cheating.py",
        promise="a score needs presence",
        figure="1,000 forged check-ins: counted = 0; 200 genuine ones: refused = 0",
    ),
    "G14": Goal(
        "a login can't be replayed, guessed or kept after leaving",
        "guessing locks out the guesser only; known and unknown names take equally long (10 %)",
        "tests/rig/g14_signing_in.py",
        lambda asked: signing_in(desks=asked.desks, seed=asked.seed),
        "tests/rig/test_g14.py, tests/server/people, tests/server/web/door",
    ),
    "G15": _tests(
        15,
        "tests/server/gateways/test_wechat_forgeries.py",
        "tests/server/gateways/test_going_nowhere_else.py",
        "tests/server/moderation/test_callbacks.py",
        promise="a forged call of WeChat changes nothing; our server fetches nothing it is told to",
        figure="500 forged callbacks: 0 opened; 40 redirects to other hosts: 0 connections",
    ),
    "G16": Goal(
        "the busy hour is calm",
        "5 min of 100 reports/s + 50 photos/s + 200 lists/s beside 1,000 slow clients: errors 0, p99 <= 1 s, "
        "memory <= 300 MB a process, <= 5 % more in the last 3 min",
        "tests/rig/g16_busy_hour.py",
        lambda asked: busy_hour(seconds=asked.busy, share=asked.share, seed=asked.seed),
        "tests/rig/test_g16.py (10 s at a twentieth)",
    ),
    "G17": _tests(
        17,
        "tests/contract",
        "tests/server/gateways/test_excel.py",
        "tests/server/exports/test_books.py",
        promise="every input has a planned answer, and no export attacks Excel",
        figure="100 examples for each operation and phase: 5xx = 0, undocumented = 0; 300 payloads: formulas = 0",
        long={"CONTRACT_EXAMPLES": "100"},
    ),
    "G18": _tests(
        18,
        "tests/attacks/test_canary.py",
        "tests/server/commands/test_rotate_keys.py",
        "tests/server/web/miniapp/test_account.py",
        promise="personal data is only where it is declared",
        figure="a canary through every flow: 0 hits; a rotation of keys: everything opens with the new key only",
    ),
    "G19": Goal(
        "we can come back, and we can deploy at noon",
        "restored to a named second within 5 min: lost = 0, from the future = 0; every damage told; "
        "migrated under load: failed = 0",
        "tests/rig/g19_back_again.py",
        lambda asked: back_again(reports=asked.reports, seed=asked.seed),
        "tests/rig/test_g19.py",
    ),
    "G20": Goal(
        "it degrades, and heals by itself",
        "PostgreSQL frozen 3 times: 503 with Retry-After within 3 s, 0 hung, healed within 5 s",
        "tests/rig/g20_heals.py",
        lambda asked: heals(seconds=asked.frozen, freezes=3, seed=asked.seed),
        "tests/rig/test_g20.py, tests/rig/test_redis.py",
    ),
}
