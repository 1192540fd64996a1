"""Site visits on phones: checking in, scoring with autosave, progress, and the published result (VIS-03 to VIS-13)."""

import re
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import ScoreJudge, ScoreRound
from server import scoring, site_visits
from server.people import Actor, Permission
from server.scoring import OwnBallots, SaveBallot
from server.scoring.refusals import (
    AlreadySubmitted,
    BadScores,
    CommentMissing,
    Locked,
    OutsideWindow,
    PhoneClockAhead,
    RoundKeyLost,
    ScoresMissing,
    SelfRecused,
    VersionBehind,
)
from server.scoring.rules import rules_from
from server.site_visits import GivenCheckIn
from server.site_visits.refusals import (
    AlreadyCheckedIn,
    NotYetCheckedIn,
    ScreenCodeExpired,
    ScreenCodeUsed,
    StopNotOpen,
    WrongScreenCode,
    WrongStop,
    WrongVisitStep,
)
from server.tools import Tools
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import actor_of, answer, operation
from server.web.miniapp.site_visit_cards import (
    BallotCard,
    CheckedInCard,
    VisitCard,
    VisitList,
    VisitResult,
    ballot_card,
    checked_in_card,
    result_line,
    visit_card,
    visit_line,
)

blueprint = Blueprint("site_visits")
OBSERVE = phone(Permission.SCORE)
DEVICE = re.compile("[0-9a-f]{32}")
BALLOT_BYTES = 4096


class VisitFilter(Struct, frozen=True, forbid_unknown_fields=True):
    """`scene` from a printed code asks for the visit that its stop belongs to."""

    scene: Annotated[str, Meta(max_length=32)] | None = None


@operation(
    blueprint,
    "GET",
    "/site-visits",
    summary="我参加的观摩",
    guard=OBSERVE,
    query=VisitFilter,
    answers={200: VisitList},
    refusals=(RoundKeyLost,),
)
async def list_visits(request: Request, query: VisitFilter) -> HTTPResponse:
    """Return the visits this person observes, the latest day first, with their progress."""
    actor = actor_of(request)
    visits = await site_visits.visits_observed_by(actor, scene=query.scene)
    progress = await scoring.own_progress([one.id for one in visits], by=actor, tools=tools_of(request))
    return answer(VisitList([visit_line(one, progress[one.id]) for one in visits if one.id in progress]))


@operation(
    blueprint,
    "GET",
    "/site-visits/<visit_id:uuid>",
    summary="一次观摩",
    guard=OBSERVE,
    answers={200: VisitCard},
    refusals=(RoundKeyLost,),
)
async def see_visit(request: Request, visit_id: UUID) -> HTTPResponse:
    """Return the whole visit in one call: stops, rubric, windows, and the state of the observer's own ballots."""
    actor, tools = actor_of(request), tools_of(request)
    observer = await site_visits.observer_in(actor, visit_id)
    await observer.visit.fetch_related("organisation")
    card = visit_card(
        observer.visit,
        await ScoreRound.get(id=visit_id),
        observer,
        stops=await site_visits.stops_of(visit_id),
        own=await scoring.own_ballots(visit_id, by=actor, tools=tools),
        check_ins=await site_visits.own_check_ins(observer),
        now=tools.clock.now(),
    )
    return answer(card)


@operation(
    blueprint,
    "POST",
    "/site-visits/<visit_id:uuid>/stops/<stop_id:uuid>/check-ins",
    summary="点位签到",
    guard=phone(Permission.SCORE, per_minute=6),
    body=GivenCheckIn,
    answers={200: CheckedInCard},
    refusals=(
        AlreadyCheckedIn,
        ScreenCodeExpired,
        ScreenCodeUsed,
        StopNotOpen,
        WrongScreenCode,
        WrongStop,
        WrongVisitStep,
    ),
)
async def check_in(request: Request, command: GivenCheckIn, visit_id: UUID, stop_id: UUID) -> HTTPResponse:
    """Check in at a stop; repeating a `client_id` changes nothing. A doubtful check-in tells whom to ask."""
    actor, tools = actor_of(request), tools_of(request)
    done = await site_visits.check_in(
        visit_id, stop_id, command, by=actor, now=tools.clock.now(), tools=tools, device=_device(request)
    )
    return answer(checked_in_card(done, name=actor.person.designation))


@operation(
    blueprint,
    "PUT",
    "/site-visits/<visit_id:uuid>/stops/<stop_id:uuid>/ballot",
    summary="保存或提交评分表",
    guard=phone(Permission.SCORE, max_bytes=BALLOT_BYTES),
    body=SaveBallot,
    answers={200: BallotCard},
    refusals=(
        AlreadySubmitted,
        BadScores,
        CommentMissing,
        Locked,
        NotYetCheckedIn,
        OutsideWindow,
        PhoneClockAhead,
        RoundKeyLost,
        ScoresMissing,
        SelfRecused,
        VersionBehind,
    ),
)
async def save_ballot(request: Request, command: SaveBallot, visit_id: UUID, stop_id: UUID) -> HTTPResponse:
    """Save a ballot at every change; repeating its content changes nothing, whatever its `base_version`."""
    tools = tools_of(request)
    now = tools.clock.now()
    receipt = await site_visits.score_stop(
        visit_id, stop_id, command, by=actor_of(request), now=now, tools=tools, device=_device(request)
    )
    return answer(ballot_card(receipt, now=now))


@operation(
    blueprint,
    "GET",
    "/site-visits/<visit_id:uuid>/result",
    summary="观摩结果",
    guard=phone(),
    answers={200: VisitResult},
)
async def see_result(request: Request, visit_id: UUID) -> HTTPResponse:
    """Return the published ranking to observers, the office and the scored units; before publication there is none."""
    actor = actor_of(request)
    visit = await site_visits.result_seen_by(actor, visit_id)
    newest = (await scoring.published_versions(visit.id))[0]
    sealed = await scoring.sealed_digests(visit.id)
    found = await ScoreRound.get(id=visit.id)
    rules = rules_from(newest.rules)
    names = {str(stop.id): stop.name for stop in await site_visits.stops_of(visit.id)}
    sheets = await scoring.published_sheets(visit.id)
    own = await _own(actor, visit.id, tools=tools_of(request))
    return answer(
        VisitResult(
            title=visit.title,
            held_on=visit.held_on,
            rule_digest=newest.rule_digest,
            fingerprint=sealed.fingerprint,
            published_at=found.published_at,
            entries=[
                result_line(one, name=names[one.entry], rules=rules, sheet=sheets[one.entry])
                for one in newest.entries
            ],
            digests=sealed.digests,
            counted=own.counted if own else None,
            not_counted=own.not_counted if own else None,
            words=scoring.counted_words(own.counted, own.not_counted) if own else "",
        )
    )


async def _own(actor: Actor, visit_id: UUID, *, tools: Tools) -> OwnBallots | None:
    if not await ScoreJudge.filter(round_id=visit_id, person_id=actor.person.id).exists():
        return None
    return await scoring.own_ballots(visit_id, by=actor, tools=tools)


def _device(request: Request) -> str:
    """Return the random name that a phone gave itself; empty for any other value."""
    said = request.headers.get("device", "")
    return said if DEVICE.fullmatch(said) else ""
