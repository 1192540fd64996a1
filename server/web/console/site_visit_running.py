"""The page of a running visit: presence, progress, signals and the steps to the result; never a score (M12)."""

from collections import Counter
from uuid import UUID

from msgspec import Struct
from sanic import HTTPResponse, Request

from models import CheckIn, RoundAsk, ScoreRound, SiteVisit
from models.vocabulary import Doubt, Presence, RoundState
from server import journal, scoring, site_visits
from server.notifications.inbox import tell
from server.people import Actor, Permission, may
from server.scoring import EntryProgress, JudgeProgress
from server.scoring.refusals import RoundKeyLost
from server.scoring.states import BEFORE_SEAL, MACHINE
from server.tools import Tools
from server.web.console.pages import long_page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.operations import actor_of

MOST_LISTED = 200  # check-ins; with more, the office chooses a stop
MOST_TOLD = 200  # entries of the story
FEW = 2  # ballots at a stop from which a reader may guess who gave them


class WhichStop(Struct, frozen=True):
    """The stop whose check-ins to list."""

    stop: UUID | None = None


async def show_running(request: Request, visit: SiteVisit) -> HTTPResponse:
    """Show a published visit."""
    actor, tools = actor_of(request), tools_of(request)
    now = tools.clock.now()
    found = (await site_visits.rounds_of([visit]))[visit.id]
    await visit.fetch_related("organisation")
    check_ins = await site_visits.check_ins_of(visit.id, by=actor)
    wanted = read_filter(request, WhichStop).stop
    progress = await scoring.progress_by_entry(visit.id)
    entries = await journal.timeline(visit.id)
    asks = open_asks(await scoring.asks_of(visit.id, by=actor), found)
    return await long_page(
        request,
        "site_visits/running.html",
        visit=visit,
        round=found,
        runs=may(actor.duties, Permission.RUN_SCORING),
        is_before_seal=found.state in BEFORE_SEAL,
        stops=await site_visits.stops_of(visit.id),
        observers=await site_visits.observers_of(visit.id, by=actor),
        judges=await scoring.judges_of(visit.id, by=actor),
        check_ins=check_ins,
        settled=settled_at(check_ins, wanted),
        wanted=wanted,
        most_listed=MOST_LISTED,
        presence=presence_by_stop(check_ins),
        doubts=Doubt,
        progress={one.entry: one for one in progress},
        done=await _progress_of_judges(found, by=actor, tools=tools),
        signals=await scoring.signals_of(visit.id, by=actor),
        screens=await site_visits.screens_of(visit.id, by=actor, now=now),
        before_lock=await scoring.before_lock(visit.id, by=actor),
        asks=asks,
        corrections={one.id: await scoring.changes_asked(one) for one in asks if one.rules},
        steps=MACHINE.steps_from(found.state),
        few=few_ballots(progress) if found.state is RoundState.SEALED else [],
        is_open=site_visits.is_open,
        entries=len(entries),
        deeds=await tell(entries[-MOST_TOLD:]),
    )


def settled_at(check_ins: list[CheckIn], stop_id: UUID | None) -> list[CheckIn]:
    """Return the check-ins that wait for nobody, of one stop or of all."""
    at_stop = [one for one in check_ins if stop_id is None or one.stop_id == stop_id]
    return [one for one in at_stop if one.presence is not Presence.LOOK]


def presence_by_stop(check_ins: list[CheckIn]) -> dict[UUID, Counter[Presence]]:
    """Count the check-ins of each stop by whether they count."""
    counts: dict[UUID, Counter[Presence]] = {}
    for one in check_ins:
        counts.setdefault(one.stop_id, Counter())[one.presence] += 1
    return counts


def open_asks(asks: list[RoundAsk], found: ScoreRound) -> list[RoundAsk]:
    """Return the requests that another person can still confirm."""
    return [
        ask
        for ask in asks
        if ask.confirmed_at is None
        and ask.kind.value in MACHINE.steps_from(found.state)
        and not (found.locked_at and ask.asked_at < found.locked_at)
    ]


def few_ballots(progress: list[EntryProgress]) -> list[str]:
    """Return the names of entries with so few counting ballots that a reader may guess who gave them."""
    return [one.name for one in progress if 0 < one.submitted <= FEW]


async def _progress_of_judges(found: ScoreRound, *, by: Actor, tools: Tools) -> dict[UUID, JudgeProgress]:
    """Return the progress by judge while the round's key exists, otherwise nothing."""
    if found.state not in BEFORE_SEAL:
        return {}
    try:
        told = await scoring.progress_by_judge(found.id, by=by, tools=tools)
    except RoundKeyLost:
        return {}
    return {one.judge: one for one in told}
