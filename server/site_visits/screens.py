"""Screens: browsers of the organiser that show a stop's rotating code, each with its own key (VIS-03)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from msgspec import Struct

from models import CodeScreen, VisitStop
from models.vocabulary import VisitState
from server import journal
from server.gateways.sealing import KeyRing
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.site_visits.codes import screen_key
from server.site_visits.fetching import stop_in, visit_run_by, visit_seen_by
from server.site_visits.refusals import ScreenOver, WrongVisitStep
from server.tools import Tools

EARLIER = timedelta(minutes=30)  # a screen is tested before the stop opens; its codes count from then on


class OpenedScreen(Struct, frozen=True, kw_only=True):
    """What a browser needs to show codes, even offline; `key` is returned only this once."""

    id: UUID
    stop_id: UUID
    stop_name: str
    key: str  # hex
    shows_from: datetime
    shows_until: datetime
    server_time: datetime


@unit_of_work
async def open_screen(
    visit_id: UUID, stop_id: UUID, *, by: Actor, now: datetime, tools: Tools
) -> OpenedScreen:
    """Let a browser show a stop's codes until the stop closes; raises NoSuchThing, WrongVisitStep, ScreenOver."""
    visit = await visit_run_by(by, visit_id)
    if visit.state is not VisitState.PUBLISHED:
        raise WrongVisitStep(state=visit.state)
    stop = await stop_in(visit.id, stop_id)
    if now >= stop.closes_at:
        raise ScreenOver
    screen = await CodeScreen.create(
        id=uuid4(),
        stop=stop,
        opened_by=by.person,
        shows_from=(stop.opens_at - EARLIER).replace(microsecond=0),
        shows_until=stop.closes_at.replace(microsecond=0),
    )
    await journal.record("site_visit.screen_opened", visit, by=by.person, screen=screen.id, name=stop.name)
    return OpenedScreen(
        id=screen.id,
        stop_id=stop.id,
        stop_name=stop.name,
        key=_key_of(screen, stop, keys=tools.keys).hex(),
        shows_from=screen.shows_from,
        shows_until=screen.shows_until,
        server_time=now,
    )


@unit_of_work
async def revoke_screen(visit_id: UUID, screen_id: UUID, *, by: Actor, now: datetime) -> CodeScreen:
    """Stop accepting a screen's codes; repeating it changes nothing."""
    visit = await visit_run_by(by, visit_id)
    screen = await CodeScreen.get_or_none(id=screen_id, stop__visit_id=visit.id).select_related("stop")
    if screen is None:
        raise NoSuchThing
    if screen.revoked_at is None:
        screen.revoked_at = now
        await screen.save(update_fields=["revoked_at"])
        told = {"screen": screen.id, "name": screen.stop.name}
        await journal.record("site_visit.screen_revoked", visit, by=by.person, **told)
    return screen


async def screens_of(visit_id: UUID, *, by: Actor, now: datetime) -> list[CodeScreen]:
    """Return the screens that may show codes now or later, with who opened them, oldest window first."""
    visit = await visit_seen_by(by, visit_id)
    found = CodeScreen.filter(stop__visit_id=visit.id, revoked_at=None, shows_until__gt=now)
    return await found.order_by("shows_from", "id").select_related("opened_by", "stop")


async def screen_keys(stop: VisitStop, *, keys: KeyRing) -> list[bytes]:
    """Return the keys of the stop's screens that are not revoked."""
    return [
        _key_of(screen, stop, keys=keys)
        for screen in await CodeScreen.filter(stop_id=stop.id, revoked_at=None).order_by("id")
    ]


async def reseal_stop_keys(keys: KeyRing) -> int:
    """Seal the stops' keys under the current master key; return how many changed."""
    changed = 0
    for stop in await VisitStop.all():
        sealed = keys.reseal(stop.key_sealed, bound_to=_place(stop))
        if sealed != stop.key_sealed:
            changed += await VisitStop.filter(id=stop.id, key_sealed=stop.key_sealed).update(
                key_sealed=sealed
            )
    return changed


def _key_of(screen: CodeScreen, stop: VisitStop, *, keys: KeyRing) -> bytes:
    stop_key = bytes.fromhex(keys.unseal(stop.key_sealed, bound_to=_place(stop)))
    told = {"shows_from": screen.shows_from, "shows_until": screen.shows_until}
    return screen_key(stop_key, screen_id=screen.id, **told)


def _place(stop: VisitStop) -> str:
    return f"visit_stop:{stop.id}:key"
