"""The ladder (LET-07): which item should get which letter next, by its light and the letters it has had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tortoise.expressions import Q, RawSQL
from tortoise.queryset import QuerySet

from models import LedgerItem, Letter
from models.vocabulary import LetterState as S
from models.vocabulary import Light
from server import ledger
from server.kernel.workdays import Calendar
from server.ledger import LightStatus
from server.ledger.reading import visible
from server.letters.kinds import Kinds
from server.packs import LetterKind, LetterTo
from server.people import Actor, Permission

LATE = (Light.RED, Light.YELLOW)


@dataclass(frozen=True)
class Proposal:
    """An item, the letter it should get, and why."""

    item: LedgerItem
    kind: LetterKind
    light: LightStatus
    because: str


def next_kind(
    kinds: Sequence[LetterKind], letters: Sequence[Letter], *, light: Light, today: date, calendar: Calendar
) -> LetterKind | None:
    """Return the next kind on the ladder, or None while nothing is to be sent. Pure.

    `kinds` is the ladder, `letters` are those of the item's round that count. A yellow or red item gets the first
    kind; if it is still so after the next kind's working days since the last letter was issued, the next one.
    """
    if light not in LATE or not kinds:
        return None
    steps = {one.code: one.step for one in kinds}
    had = [one for one in letters if one.kind in steps and one.state is not S.VOIDED]
    if not had:
        return kinds[0]
    last = max(had, key=lambda one: steps[one.kind])
    above = next((one for one in kinds if one.step > steps[last.kind]), None)
    if above is None or last.issued_on is None:  # at the top, or a draft is on its way
        return None
    return above if calendar.between(last.issued_on, today) >= above.after_days else None


async def proposals(
    actor: Actor, *, kinds: Kinds, today: date, calendar: Calendar, limit: int = 50
) -> tuple[list[Proposal], int]:
    """Return the proposals for the items this person drafts about, the most urgent first, and how many there are."""
    found = await _ready(actor, kinds=kinds, today=today, calendar=calendar)
    total = await found.count()
    items = await found.order_by("due_on", "id").limit(limit).select_related("lead_unit", "task")
    letters = await Letter.filter(item_id__in=[one.id for one in items]).exclude(state=S.VOIDED)
    told = []
    for item in items:
        own = [one for one in letters if one.item_id == item.id and one.round == item.round]
        light = ledger.light_of(item, today=today, calendar=calendar)
        kind = next_kind(_ladder_of(item, kinds), own, light=light.light, today=today, calendar=calendar)
        if kind:
            told.append(Proposal(item, kind, light, _because(kind, own, light, kinds=kinds)))
    return told, total


async def _ready(actor: Actor, *, kinds: Kinds, today: date, calendar: Calendar) -> QuerySet[LedgerItem]:
    """Select the items that get a proposal: the rule of `next_kind` as a condition of the database."""
    late = Q(id__isnull=True)
    for light in LATE:
        late |= await ledger.with_light(light, today=today, calendar=calendar)
    reachable = LedgerItem.filter(visible(actor, Permission.DRAFT_LETTERS), late)
    due = Q(step=0)
    for kind in kinds.ladder[1:]:
        until = _latest_issue(today, kind.after_days, calendar=calendar)
        ready = Q(step=kind.step - 1, waiting=0, last_on__lte=until)
        due |= ready & Q(task_id__isnull=False) if kind.to is LetterTo.LEADING_OFFICIAL else ready
    states = {state for kind in kinds.ladder for state in kind.when}
    annotated = reachable.annotate(**_had(kinds.ladder))
    return annotated.filter(due, state__in=states, lead_unit_id__isnull=False).distinct()


def _ladder_of(item: LedgerItem, kinds: Kinds) -> list[LetterKind]:
    """Return the ladder without letters to a leading official if the item has none. Pure."""
    return [one for one in kinds.ladder if one.to is not LetterTo.LEADING_OFFICIAL or item.task_id]


def _had(ladder: Sequence[LetterKind]) -> dict[str, RawSQL]:
    """Return what the letters of an item's round say: the highest step, its day of issue, drafts on their way."""
    cases = " ".join(f"WHEN '{one.code}' THEN {one.step}" for one in ladder)
    step = f"CASE l.kind {cases} ELSE 0 END"
    of_round = (
        "FROM letter l WHERE l.item_id = ledger_item.id AND l.round = ledger_item.round"
        f" AND l.state <> 'voided' AND ({step}) > 0"
    )
    return {
        "step": RawSQL(f"(SELECT coalesce(max({step}), 0) {of_round})"),
        "waiting": RawSQL(f"(SELECT count(*) {of_round} AND l.number IS NULL)"),
        "last_on": RawSQL(f"(SELECT l.issued_on {of_round} ORDER BY {step} DESC LIMIT 1)"),
    }


def _latest_issue(today: date, days: int, *, calendar: Calendar) -> date:
    """Return the latest day of issue from which `days` working days have passed until today. Pure."""
    day = today
    while calendar.between(day, today) < days:
        day = date.fromordinal(day.toordinal() - 1)
    return day


def _because(kind: LetterKind, letters: Sequence[Letter], light: LightStatus, *, kinds: Kinds) -> str:
    had = [one for one in letters if one.issued_on and one.kind in {step.code for step in kinds.ladder}]
    if not had:
        return light.because
    last = max(had, key=lambda one: kinds[one.kind].step)
    return f"{last.series}{last.number_text}发出{kind.after_days}个工作日后仍未改善。{light.because}"
