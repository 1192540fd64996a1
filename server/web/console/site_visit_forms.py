"""The forms of a visit in preparation: its plan with the rules, and its stops."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sanic import Request

from models import SiteVisit, VisitStop
from models.vocabulary import Datum
from server.kernel.clock import SHANGHAI
from server.ledger.commands import Version
from server.scoring import Rules
from server.site_visits import PlannedStop, PlannedVisit, StopPlace
from server.web.console.choices import chosen_task, chosen_unit
from server.web.console.reading_forms import read_form, typed_words
from server.web.console.refusals import TaskNotOnList, UnitNotKnown
from server.web.console.refusing import blaming
from server.web.console.typing_rules import Fault, RulesForm, typed_rules
from server.web.door.reading import Invalid

Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$")]
Title = Annotated[str, Meta(min_length=2, max_length=80)]
DEGREES = re.compile(r"([0-9]{1,3}\.[0-9]+)\s*[,，、\s]\s*([0-9]{1,3}\.[0-9]+)")
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)


class PlanForm(RulesForm, frozen=True, kw_only=True):
    """The day of a visit and its rules; the rows of criteria and groups are read beside it."""

    title: Title
    held_on: date
    locks_at: Moment | None = None
    needs_check_in: bool = False
    least_dwell_min: Annotated[int, Meta(ge=0, le=240)] = 0
    version: Version | None = None


class StopForm(Struct, frozen=True, kw_only=True):
    """A stop as typed; its position is longitude and latitude in one field, as maps give them."""

    name: Title
    opens: Clock
    closes: Clock
    version: Version
    place_name: Annotated[str, Meta(max_length=120)] = ""
    position: Annotated[str, Meta(max_length=60)] = ""
    datum: Datum = Datum.GCJ02
    fence_m: Annotated[int, Meta(ge=20, le=5000)] = 200
    unit: Annotated[str, Meta(max_length=80)] = ""
    task: Annotated[str, Meta(max_length=200)] = ""
    is_mandatory: bool = False


def read_plan(request: Request, *, before: SiteVisit | None = None) -> tuple[PlannedVisit, int | None]:
    """Return the typed plan with the version that was on the screen; raises Invalid naming every wrong field."""
    words = typed_words(request)
    form = _read_both(request, words)
    rules = read_rules(form, words, before=before)
    plan = PlannedVisit(
        title=form.title,
        held_on=form.held_on,
        rules=rules,
        needs_check_in=form.needs_check_in,
        least_dwell_min=form.least_dwell_min,
        locks_at=datetime.fromisoformat(form.locks_at).replace(tzinfo=SHANGHAI) if form.locks_at else None,
    )
    return plan, form.version


def read_rules(form: RulesForm, words: dict[str, str], *, before: SiteVisit | None = None) -> Rules:
    """Return the typed rules; raises Invalid naming every wrong field."""
    return typed_or_faults(form, words, before=msgspec.convert(before.rules, Rules) if before else None)


def typed_or_faults(form: RulesForm, words: dict[str, str], *, before: Rules | None) -> Rules:
    """Return the typed rules, of which `before` gives what no field holds; raises Invalid naming every wrong field."""
    rules, faults = typed_rules(form, words, before=before)
    if rules is None:
        raise Invalid(fields=_told(faults))
    return rules


def _read_both(request: Request, words: dict[str, str]) -> PlanForm:
    """Return the form; if it can't be read, the refusal names the wrong rows of the rules, too."""
    try:
        return read_form(request, PlanForm)
    except Invalid as refusal:
        known: Any = refusal.extra["fields"]
        raise Invalid(fields=[*known, *_told(typed_rules(RulesForm(), words)[1])]) from refusal


def _told(faults: list[Fault]) -> list[dict[str, str]]:
    told: list[dict[str, str]] = msgspec.to_builtins(faults)
    return told


async def read_stop(request: Request, *, year: int) -> tuple[PlannedStop, int]:
    """Return the typed stop with the version of its visit; raises Invalid, UnitNotKnown and TaskNotOnList."""
    form = read_form(request, StopForm)
    with blaming({UnitNotKnown: "unit", TaskNotOnList: "task"}):
        unit_id, task_id = await chosen_unit(form.unit), await chosen_task(form.task, year=year)
    stop = PlannedStop(
        name=form.name,
        opens=time.fromisoformat(form.opens),
        closes=time.fromisoformat(form.closes),
        place_name=form.place_name,
        place=typed_position(form.position, form.datum),
        fence_m=form.fence_m,
        unit_id=unit_id,
        task_id=task_id,
        is_mandatory=form.is_mandatory,
    )
    return stop, form.version


def typed_position(text: str, datum: Datum) -> StopPlace | None:
    """Return the typed degrees; in this country longitude is always the larger. Raises Invalid."""
    if not text:
        return None
    found = DEGREES.fullmatch(text)
    latitude, longitude = sorted((float(found[1]), float(found[2]))) if found else (0.0, 0.0)
    is_here = LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
    if not is_here:
        words = "请写成“106.2309,38.4872”这样的经纬度，从地图上复制即可"
        raise Invalid(fields=[{"field": "position", "message_zh": words}])
    return StopPlace(latitude, longitude, datum)


def position_words(stop: VisitStop) -> str:
    """Return a stop's position as the form shows it, in WGS-84."""
    if stop.wgs_latitude is None or stop.wgs_longitude is None:
        return ""
    return f"{stop.wgs_longitude:.6f},{stop.wgs_latitude:.6f}"


def person_ids(ids: list[UUID]) -> list[UUID]:
    """Return the ticked people; raises Invalid if there are none."""
    if not ids:
        raise Invalid(fields=[{"field": "people", "message_zh": "请至少勾选一个人"}])
    return ids
