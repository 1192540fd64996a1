"""G4: over lines that cut, swallow and lose, photos arrive whole or not at all, and resume photo by photo."""

import asyncio
import hashlib
import json
import random
from collections.abc import Mapping
from itertools import cycle

import asyncpg

from tests.rig.bad_lines import FATES, BadLines, Line
from tests.rig.drafts import Draft, a_body, a_draft, a_picture
from tests.rig.g1_acknowledged import caught_up
from tests.rig.oracle import NOT_FINISHED, Oracle
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate
from tests.rig.wire import Answer, NoAnswer, ask, form

SECOND_GENERATION = Line(speed=50_000, latency=0.2)
PHOTOS = 6
PHONES = 60  # at once
EACH = 5  # reports of one member
SIZES = (100_000, 500_000)  # bytes of a photo
MOST_SENT = 1.5  # times the payload
LONGEST = 600.0  # seconds until every report is complete
LOOKED_AT = 10  # reports whose text the office looks for before their photos
PAUSE = 0.1
LISTED = """SELECT p.sha256 FROM photo p JOIN observation o ON o.id = p.subject_id WHERE o.client_id = $1"""
ONE_SEGMENT = 65_000  # bytes that a JPEG may hold as one comment
SURE = ("lost", "dup", "ghosts", "altered", "changed", "photo_bytes", "unfinished", "jobs", "chain")


async def bad_lines(
    *,
    reports: int,
    seed: int,
    sizes: tuple[int, int] = SIZES,
    line: Line = SECOND_GENERATION,
    change: tuple[str, ...] = (),
    is_forgetful: bool = False,
    longest: float = LONGEST,
    most_sent: float = MOST_SENT,
    fates: Mapping[str, float] = FATES,
) -> Outcome:
    """Report through bad lines; a forgetful phone sends everything again after each failure (the planted fault)."""
    dice, outcome = random.Random(seed), Outcome("G4", seed)
    async with Estate(servers=2, change=change) as estate:
        *members, office = await estate.found(reports // EACH + 2)
        drafts = [
            _a_draft(member, dice=dice, sizes=sizes) for member, _ in zip(cycle(members), range(reports))
        ]
        ports = [estate.port(0), estate.port(1)]
        async with BadLines(ports, line=line, dice=random.Random(dice.random()), fates=fates) as lines:
            trial = _Trial(lines, office, ports[0], line=line, sizes=sizes, is_forgetful=is_forgetful)
            database = await asyncpg.connect(estate.database_url)
            try:
                took = await trial.send(drafts, database, longest=longest)
                outcome.faults = await _judge(database, drafts, estate)
            finally:
                await database.close()
        payload = sum(len(picture) for draft in drafts for picture in draft.pictures.values())
        spent = lines.carried / payload
        outcome.seen = {"reports": reports, "photos": reports * PHOTOS, "seconds": round(took)}
        outcome.seen |= {"sent_percent": round(100 * spent), **lines.fates}
        outcome.faults |= {
            "half_shown": trial.half_shown,
            "text_not_seen_first": trial.unseen,
            "sent_too_much": int(spent > most_sent),
            "too_slow": int(took > longest),
        }
    return outcome


class _Trial:
    """Phones behind bad lines, and an office that looks at what has arrived so far."""

    def __init__(
        self,
        lines: BadLines,
        office: dict[str, str],
        office_port: int,
        *,
        line: Line,
        sizes: tuple[int, int],
        is_forgetful: bool,
    ) -> None:
        self._lines, self._office, self._office_port = lines, office, office_port
        self._patience = (
            3 * (sizes[1] / line.speed + 2 * line.latency) + 1
        )  # seconds; a black hole lasts longer
        self._is_forgetful = is_forgetful
        self._to_look_at = LOOKED_AT
        self.half_shown = self.unseen = 0

    async def send(self, drafts: list[Draft], database: asyncpg.Connection, *, longest: float) -> float:
        """Send all drafts, PHONES at once; return the seconds until the last is complete."""
        clock = asyncio.get_running_loop().time
        began, turns = clock(), asyncio.Semaphore(PHONES)
        watch = asyncio.create_task(self._watch(database))
        try:
            async with asyncio.timeout(longest + 1), asyncio.TaskGroup() as every:
                for draft in drafts:
                    every.create_task(self._complete(draft, turns))
        except TimeoutError:
            pass  # the judgement names what is missing
        finally:
            watch.cancel()
            await asyncio.wait([watch])
        return clock() - began

    async def _watch(self, database: asyncpg.Connection) -> None:
        """Count the looks in which a report counts as received while a photo of it is not whole."""
        while True:
            self.half_shown += len(await database.fetch(NOT_FINISHED))
            await asyncio.sleep(0.5)

    async def _complete(self, draft: Draft, turns: asyncio.Semaphore) -> None:
        async with turns:
            missing = await self._hand_in(draft)
            await self._look_for_the_text(draft)
            while missing:
                answer = await self._try(
                    "POST", f"/api/v1/photos/{missing[0]}", draft, **form(draft.pictures[missing[0]])
                )
                if answer and answer.status in (200, 201):
                    draft.kept.add(missing.pop(0))
                elif self._is_forgetful:
                    missing = list(draft.pictures)
                else:
                    missing = await self._hand_in(draft)

    async def _hand_in(self, draft: Draft) -> list[str]:
        """Send the report, or ask what it lacks if it was acknowledged, until there is an answer."""
        while True:
            if draft.receipts:
                answer = await self._try("GET", draft.path, draft)
            else:
                answer = await self._try("PUT", draft.path, draft, body=json.dumps(draft.body).encode())
            if answer and answer.status in (200, 201):
                told = answer.json()
                draft.receipts += [] if draft.receipts else [told]
                draft.kept |= draft.pictures.keys() - set(told["missing"])
                return [digest for digest in draft.pictures if digest in told["missing"]]
            await asyncio.sleep(PAUSE)

    async def _look_for_the_text(self, draft: Draft) -> None:
        """See whether the office has the text already, before any photo of it."""
        if not self._to_look_at:
            return
        self._to_look_at -= 1
        page = (await ask(self._office_port, "GET", "/api/v1/reviews", token=self._office["token"])).json()
        found = [one for one in page["items"] if one["text"] == draft.body["text"]]
        self.unseen += not any(one["photos_here"] < one["photos"] == PHOTOS for one in found)

    async def _try(self, method: str, path: str, draft: Draft, **request: bytes | str) -> Answer | None:
        """Return an answer, or None if the outcome is unknown; after a wait, as a phone."""
        try:
            async with asyncio.timeout(self._patience):
                return await ask(self._lines.port, method, path, token=draft.token, **request)
        except (NoAnswer, TimeoutError):
            await asyncio.sleep(PAUSE)
            return None


async def _judge(database: asyncpg.Connection, drafts: list[Draft], estate: Estate) -> dict[str, int]:
    await caught_up(database)
    found = await Oracle(database, environment=estate.environment).judge(drafts)
    faults = {name: len(found[name]) for name in SURE}
    faults |= {"incomplete": 0, "misplaced": 0}
    for draft in drafts:
        here = {row["sha256"] for row in await database.fetch(LISTED, draft.client_id)}
        faults["incomplete"] += len(draft.pictures.keys() - here)
        faults["misplaced"] += len(here - draft.pictures.keys())
    return faults


def _a_draft(member: dict[str, str], *, dice: random.Random, sizes: tuple[int, int]) -> Draft:
    draft = a_draft(member, dice=dice, pictures=1)
    taken = [_of_size(dice.randint(*sizes), dice=dice) for _ in range(PHOTOS)]
    draft.pictures = {hashlib.sha256(picture).hexdigest(): picture for picture in taken}
    draft.body = a_body(draft.pictures, dice=dice)
    return draft


def _of_size(size: int, *, dice: random.Random) -> bytes:
    """Return a picture of about this many bytes: a small one, with a long comment, so that it is cheap to look at."""
    picture = a_picture(dice)
    comments = b""
    while (left := size - len(picture) - len(comments)) > 4:
        words = dice.randbytes(min(ONE_SEGMENT, left - 4))
        comments += b"\xff\xfe" + (len(words) + 2).to_bytes(2) + words
    return picture[:2] + comments + picture[2:]
