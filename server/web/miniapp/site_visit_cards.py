"""Visits as their observers see them: never other people's scores; figures are sent as text."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models import CheckIn, ScoreRound, SiteVisit, VisitObserver, VisitStop
from models.vocabulary import BallotState, Datum, Doubt, Presence, RoundState
from server.kernel.clock import SHANGHAI
from server.kernel.places import to_gcj02
from server.scoring import EntryResult, OwnBallots, OwnProgress, Receipt, Rules
from server.scoring.aggregation import groups_of
from server.scoring.rules import rules_from
from server.site_visits import CheckedIn, is_open, position_of

DOUBTS = {one.value: one.label for one in Doubt}
ASK_STAFF = "请工作人员确认，您可以先打分。"


class VisitLine(Struct):
    """A visit in its observer's list."""

    id: UUID
    title: str
    held_on: date
    organisation: str
    state: RoundState
    state_label: str
    done: int
    of: int
    words: str


class VisitList(Struct):
    """The visits a person observes, the latest day first."""

    items: list[VisitLine]


class AnchorCard(Struct):
    """What a range of scores means."""

    low: str
    high: str
    words: str


class CriterionCard(Struct):
    """A criterion and its weight."""

    id: str
    name: str
    weight: str
    anchors: list[AnchorCard]


class RubricCard(Struct):
    """Criteria and scale; scores below `comment_below` require a comment."""

    criteria: list[CriterionCard]
    low: str
    high: str
    step: str
    comment_below: str | None
    is_named: bool


class VisitPlace(Struct):
    """The position of a stop, in the datum that phone maps use."""

    latitude: float
    longitude: float
    datum: Datum


class CheckInCard(Struct):
    """Whether the observer is checked in, and what to do if a person has to decide; the office keeps the evidence."""

    presence: Presence
    label: str
    grade_words: str


class BallotCard(Struct):
    """The observer's own ballot; with salt and digest, it can be found in the published list."""

    state: BallotState
    version: int
    scores: dict[str, str]
    comment: str
    salt: str | None
    digest: str | None
    words: str


class VisitStopCard(Struct):
    """A stop of the visit with the observer's own check-in and ballot."""

    id: UUID
    position: int
    name: str
    place_name: str
    scene: str
    where: VisitPlace | None
    fence_m: int
    is_mandatory: bool
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    is_recused: bool
    check_in: CheckInCard | None
    ballot: BallotCard | None


class VisitCard(Struct):
    """A complete visit; the phone binds codes to `observer_id`."""

    line: VisitLine
    observer_id: UUID
    group: str
    needs_check_in: bool
    rule_digest: str
    locks_at: datetime
    rubric: RubricCard
    stops: list[VisitStopCard]
    counted: int | None
    not_counted: int | None


class CheckedInCard(Struct):
    """What an observer reads after checking in."""

    presence: Presence
    grade_words: str
    welcome: str
    position: str


class ResultStep(Struct):
    """The score that one group, or small groups counted together, gave a stop."""

    group: str
    name: str
    weight: str
    n: int
    method: str
    mark: str
    score: str


class ResultLine(Struct):
    """A stop in the ranking; `sheet` is its 计分单, one sentence for each step of the arithmetic."""

    entry: UUID
    name: str
    score: str | None
    rank: int | None
    steps: list[ResultStep]
    sheet: list[str]


class VisitResult(Struct):
    """The published result; `counted` is the reader's own number of counted ballots, if they scored."""

    title: str
    held_on: date
    rule_digest: str
    fingerprint: str
    published_at: datetime | None
    entries: list[ResultLine]
    digests: list[str]
    counted: int | None
    not_counted: int | None
    words: str


def visit_line(visit: SiteVisit, progress: OwnProgress, *, left: Sequence[str] = ()) -> VisitLine:
    """Return a visit as a line; its organisation must be loaded."""
    return VisitLine(
        id=visit.id,
        title=visit.title,
        held_on=visit.held_on,
        organisation=visit.organisation.short_name,
        state=progress.state,
        state_label=progress.state.label,
        done=progress.done,
        of=progress.of,
        words=progress_words(progress, left=left),
    )


def progress_words(progress: OwnProgress, *, left: Sequence[str] = ()) -> str:
    """Return the observer's progress: 已评 3/5，剩余：…; after the seal, that all of them count."""
    if progress.state in (RoundState.OPEN, RoundState.LOCKED):
        told = f"已评 {progress.done}/{progress.of}"
        return f"{told}，剩余：{'、'.join(left)}" if left else told
    return f"您的 {progress.done} 张评分表均已计入" if progress.done else "没有计入的评分表"


def visit_card(
    visit: SiteVisit,
    found: ScoreRound,
    observer: VisitObserver,
    *,
    stops: Sequence[VisitStop],
    own: OwnBallots,
    check_ins: Mapping[UUID, CheckIn],
    now: datetime,
) -> VisitCard:
    """Return the whole visit for one observer."""
    rules = rules_from(found.rules)
    ballots = {one.entry: one for one in own.ballots}
    return VisitCard(
        line=visit_line(visit, _progress(own, stops), left=[s.name for s in stops if s.id in own.missing]),
        observer_id=observer.id,
        group=next((one.name for one in rules.groups if one.id == observer.group), ""),
        needs_check_in=visit.needs_check_in,
        rule_digest=found.rule_digest,
        locks_at=found.locks_at,
        rubric=rubric_card(rules),
        stops=[
            _stop_card(stop, own=own, ballot=ballots.get(stop.id), check_in=check_ins.get(stop.id), now=now)
            for stop in stops
        ],
        counted=own.counted,
        not_counted=own.not_counted,
    )


def rubric_card(rules: Rules) -> RubricCard:
    """Return the rubric with its figures as text."""
    return RubricCard(
        criteria=[
            CriterionCard(
                one.id,
                one.name,
                str(one.weight),
                [AnchorCard(str(anchor.low), str(anchor.high), anchor.words) for anchor in one.anchors],
            )
            for one in rules.criteria
        ],
        low=str(rules.scale.low),
        high=str(rules.scale.high),
        step=str(rules.scale.step),
        comment_below=None if rules.comment_below is None else str(rules.comment_below),
        is_named=rules.named,
    )


def checked_in_card(done: CheckedIn, *, name: str) -> CheckedInCard:
    """Return the name card that an observer sees at the stop."""
    place = f"{done.stop.position}/{done.of}"
    welcome = f"{name}，欢迎！第 {done.stop.position} 站 / 共 {done.of} 站"
    return CheckedInCard(done.check_in.presence, grade_words(done.check_in), welcome, place)


def grade_words(check_in: CheckIn) -> str:
    """Return in words whether a check-in counts and what to do; only the office sees the grade itself."""
    if check_in.presence is Presence.COUNTED:
        return "签到成功"
    if check_in.presence is Presence.REJECTED:
        return "经工作人员核实不在现场，本点位不计入；有疑问请联系组织单位。"
    doubts = [DOUBTS[one] for one in check_in.evidence["doubts"]]
    return f"签到已记下（{'、'.join(doubts)}），{ASK_STAFF}"


def ballot_card(receipt: Receipt, *, now: datetime | None = None) -> BallotCard:
    """Return the observer's own ballot; with the time right after saving."""
    word = "已提交" if receipt.state is BallotState.SUBMITTED else "已保存"
    return BallotCard(
        state=receipt.state,
        version=receipt.version,
        scores=receipt.scores,
        comment=receipt.comment,
        salt=receipt.salt,
        digest=receipt.digest,
        words=f"{word} {now.astimezone(SHANGHAI):%H:%M}" if now else word,
    )


def result_line(one: EntryResult, *, name: str, rules: Rules, sheet: list[str]) -> ResultLine:
    """Return a stop in the ranking."""
    steps = [
        ResultStep(
            step.group,
            "、".join(group.name for group in groups_of(step.group, rules)),
            step.weight,
            step.n,
            step.method,
            step.mark,
            step.score,
        )
        for step in one.steps
    ]
    return ResultLine(UUID(one.entry), name, one.score, one.rank, steps, sheet)


def _progress(own: OwnBallots, stops: Sequence[VisitStop]) -> OwnProgress:
    of = len(stops) - len(own.recused)
    return OwnProgress(own.state, own.counted or 0 if own.counted is not None else of - len(own.missing), of)


def _stop_card(
    stop: VisitStop, *, own: OwnBallots, ballot: Receipt | None, check_in: CheckIn | None, now: datetime
) -> VisitStopCard:
    here = position_of(stop)
    shown = to_gcj02(here) if here else None
    return VisitStopCard(
        id=stop.id,
        position=stop.position,
        name=stop.name,
        place_name=stop.place_name,
        scene=stop.scene,
        where=VisitPlace(round(shown.latitude, 6), round(shown.longitude, 6), shown.datum) if shown else None,
        fence_m=stop.fence_m,
        is_mandatory=stop.is_mandatory,
        opens_at=stop.opens_at,
        closes_at=stop.closes_at,
        is_open=is_open(stop, now=now),
        is_recused=stop.id in own.recused,
        check_in=CheckInCard(check_in.presence, check_in.presence.label, grade_words(check_in))
        if check_in
        else None,
        ballot=ballot_card(ballot) if ballot else None,
    )
