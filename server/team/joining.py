"""Joint missions (可合并督察): finding other organisations that plan to visit a site within 14 days (M10 AT3)."""

from dataclasses import dataclass
from datetime import date, timedelta

from models import Mission, MissionStop
from models.vocabulary import Datum
from server.kernel.places import Position, distance_m
from server.kernel.workdays import say
from server.people import Actor
from server.team.reading import mission_seen_by
from server.team.states import AHEAD

WITHIN = timedelta(days=14)
NEAR_M = 200.0


@dataclass(frozen=True)
class Joinable:
    """Another organisation's plan, with only what is needed to contact them: who, when and where."""

    organisation: str
    planned_on: date
    place_name: str

    @property
    def words(self) -> str:
        """Return what the organiser reads."""
        return f"可合并督察：{self.organisation}计划{say(self.planned_on)}到{self.place_name}。"


async def joinable(actor: Actor, mission: Mission) -> list[Joinable]:
    """Return the organisations that plan a stop of a visible mission within 14 days, ordered by day."""
    await mission_seen_by(actor, mission.id)
    own = await MissionStop.filter(mission_id=mission.id)
    window = (mission.planned_on - WITHIN, mission.planned_on + WITHIN)
    others = await (
        MissionStop.filter(mission__planned_on__range=window, mission__state__in=AHEAD)
        .exclude(mission__organisation_id=mission.organisation_id)
        .order_by("mission__planned_on", "id")
        .select_related("mission__organisation")
    )
    found = [
        Joinable(other.mission.organisation.short_name, other.mission.planned_on, other.place_name)
        for other in others
        if other.mission_id != mission.id and any(is_same_site(stop, other) for stop in own)
    ]
    return list(dict.fromkeys(found))


def is_same_site(one: MissionStop, other: MissionStop) -> bool:
    """Return whether two stops are one place: the same name, or at most 200 m apart. Pure."""
    if _bare(one.place_name) == _bare(other.place_name):
        return True
    here, there = _position(one), _position(other)
    return here is not None and there is not None and distance_m(here, there) <= NEAR_M


def _position(stop: MissionStop) -> Position | None:
    if stop.wgs_latitude is None or stop.wgs_longitude is None:
        return None
    return Position(stop.wgs_latitude, stop.wgs_longitude, Datum.WGS84)


def _bare(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum())
