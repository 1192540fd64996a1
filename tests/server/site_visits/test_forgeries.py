"""Of a thousand forged check-ins none counts by itself, and of two hundred genuine ones none is sent away (G13).

Each is judged by the whole command against the real database, and rolled back, so that every one finds the same hall.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest

from models import VisitObserver
from models.vocabulary import Datum, Presence, Role
from server import site_visits
from server.kernel.places import Position, to_wgs84
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import rehearse
from server.site_visits import GivenCheckIn, PhonePlace, checking_in, presence
from server.site_visits.codes import letters, sent_code, step_at
from tests.server.site_visits.conftest import HALL, a_place

FORGED, GENUINE = 1000, 200
PHONE, OTHER_PHONE = "a" * 32, "b" * 32


class Hall:
    """An open visit, the screens of two of its stops, and somebody who was never invited."""

    def __init__(self, visit, chance):
        self.visit, self.chance = visit, chance

    async def enter(self):
        await self.visit.publish()
        self.here, self.there = await self.visit.screen(0), await self.visit.screen(1)
        self.guests = [await self.visit.observer(n) for n in range(5)]
        self.stranger = await self.visit.office.actor(
            await self.visit.office.enrol("代表丁", Role.DEPUTY, openid="openid-forger")
        )
        self.now = self.visit.now.replace(microsecond=0)
        return self

    def code(self, *, at, n=0, screen=None, client_id, observer_id=None):
        """What observer n's phone makes of what a screen showed at a time."""
        step = step_at(at)
        shown = letters(bytes.fromhex((screen or self.here).key), step)
        who = observer_id or self.guests[n].id
        return sent_code(shown, step=step, observer_id=who, client_id=client_id)

    def given(self, *, at=None, claimed_at=None, place=None, n=0, **told):
        client_id = uuid4()
        code = self.code(at=at or self.now, n=n, client_id=client_id, **told)
        return GivenCheckIn(
            client_id=client_id, claimed_at=claimed_at or self.now, code=code, place=place or a_place()
        )

    async def send(self, given, *, n=0, by=None, now=None, device=PHONE):
        done = await site_visits.check_in(
            self.visit.visit.id,
            self.visit.stops[0].id,
            given,
            by=by or self.visit.actors[n],
            now=now or self.now,
            tools=self.visit.tools,
            device=device,
        )
        return done.check_in.presence

    def ago(self, least, most):
        """A moment between so many seconds ago, after the step of which a code began."""
        begun = self.now - timedelta(seconds=self.chance.uniform(least, most))
        return begun - timedelta(seconds=begun.timestamp() % 30)

    # What forgers do. Each returns the presence that the command gave, or raises its refusal.

    async def expired(self):
        return await self.send(self.given(at=self.ago(91, 1200)))

    async def replayed(self):
        first = self.given()
        await self.send(GivenCheckIn(client_id=first.client_id, claimed_at=self.now, code=first.code))
        return await self.send(self.given())

    async def shared_after_a_minute(self):
        return await self.send(self.given(at=self.ago(61, 90)), device=OTHER_PHONE)

    async def of_another_stop(self):
        return await self.send(self.given(screen=self.there))

    async def of_another_account(self):
        return await self.send(self.given(n=1), n=0)

    async def altered(self):
        given = self.given()
        at = self.chance.randrange(len(given.code) - 32, len(given.code))
        digit = self.chance.choice([one for one in "0123456789abcdef" if one != given.code[at]])
        code = given.code[:at] + digit + given.code[at + 1 :]
        return await self.send(
            GivenCheckIn(client_id=given.client_id, claimed_at=self.now, code=code, place=given.place)
        )

    async def from_another_day(self):
        then = self.now + self.chance.choice([-1, 1]) * timedelta(days=1)
        return await self.send(self.given(at=then, claimed_at=then))

    async def with_the_clock_of_another_day(self):
        then = self.now + self.chance.choice([-1, 1]) * timedelta(days=1)
        return await self.send(self.given(claimed_at=then))

    async def not_invited(self):
        return await self.send(self.given(), by=self.stranger)

    async def with_anothers_phone(self):
        await self.send(self.given(n=1), n=1)
        return await self.send(self.given())

    async def from_300_metres(self):
        return await self.send(self.given(place=a_place(self.chance.choice([-300.0, 300.0]))))

    async def in_the_wrong_datum(self):
        """A map's coordinates passed off as those of satellites: they lie some 500 m away."""
        place = PhonePlace(HALL.latitude, HALL.longitude, Datum.GCJ02, 15.0)
        return await self.send(self.given(place=place))

    async def before_the_opening(self):
        early = self.visit.stops[0].opens_at - timedelta(seconds=self.chance.uniform(1, 1500))
        return await self.send(self.given(at=early, claimed_at=early), now=early)


FORGERIES = [
    Hall.expired,
    Hall.replayed,
    Hall.shared_after_a_minute,
    Hall.of_another_stop,
    Hall.of_another_account,
    Hall.altered,
    Hall.from_another_day,
    Hall.with_the_clock_of_another_day,
    Hall.not_invited,
    Hall.with_anothers_phone,
    Hall.from_300_metres,
    Hall.in_the_wrong_datum,
    Hall.before_the_opening,
]


async def outcome(forgery, hall):
    """Return what came of one attempt: "counted", "look", or the code of its refusal; nothing of it stays."""
    try:
        return (await rehearse(lambda: forgery(hall))).value
    except Refusal as refusal:
        return refusal.code()


@pytest.fixture
async def hall(visit):
    return await Hall(visit, Random(13)).enter()


async def test_of_a_thousand_forged_check_ins_none_counts_by_itself(hall):
    found = defaultdict(set)
    for n in range(FORGED):
        forgery = FORGERIES[n % len(FORGERIES)]
        found[forgery.__name__].add(await outcome(forgery, hall))
    assert [one for one, what in found.items() if Presence.COUNTED in what] == []
    allowed = {
        "expired": {"screen_code_expired"},
        "replayed": {"screen_code_used"},
        "shared_after_a_minute": {"look", "screen_code_expired"},
        "of_another_stop": {"wrong_screen_code"},
        "of_another_account": {"wrong_screen_code"},
        "altered": {"wrong_screen_code"},
        "from_another_day": {"screen_code_expired", "stop_not_open"},
        "with_the_clock_of_another_day": {"look"},
        "not_invited": {"no_such_thing"},
        "with_anothers_phone": {"look"},
        "from_300_metres": {"look"},
        "in_the_wrong_datum": {"look"},
        "before_the_opening": {"stop_not_open"},
    }
    assert found.keys() == allowed.keys()
    assert {kind: what - allowed[kind] for kind, what in found.items() if what - allowed[kind]} == {}


async def test_of_two_hundred_genuine_ones_none_is_sent_away(hall):
    """Scanned up to 25 s before it arrives, by a phone whose clock is up to a minute off, inside the fence."""
    chance, found = hall.chance, Counter()
    edges = [-60, 60]
    for n in range(GENUINE):
        off = edges[n] if n < len(edges) else chance.uniform(-60, 60)
        place = a_place(chance.uniform(-195, 195), accuracy_m=chance.uniform(3, 100))

        async def come(n=n, off=off, place=place):
            given = hall.given(
                at=hall.now - timedelta(seconds=chance.uniform(0, 25)),
                claimed_at=hall.now + timedelta(seconds=off),
                place=place,
                n=n % 5,
            )
            return await hall.send(given, n=n % 5)

        found[(await rehearse(come)).value] += 1
    assert found == {"counted": GENUINE}


async def an_observer(hall):
    """Stand in for the check that somebody was invited."""
    return await VisitObserver.get(id=hall.guests[0].id).select_related("visit")


def wide_open(stop):
    """Stand in for a stop's window."""
    site = checking_in.position_of(stop)
    day = timedelta(days=1)
    return presence.Site(stop.opens_at - day, stop.closes_at + day, site, stop.fence_m)


PROTECTIONS = {
    "fresh": (
        lambda patch, hall: (
            patch(presence, "FRESH_UNTIL", timedelta(days=2)),
            patch(presence, "FRESH_FROM", timedelta(days=-2)),
        ),
        {"expired", "shared_after_a_minute"},
    ),
    "mac": (
        lambda patch, hall: patch(checking_in, "is_right", lambda *_, **__: True),
        {"of_another_stop", "of_another_account", "altered"},
    ),
    "once": (
        lambda patch, hall: patch(
            checking_in, "USE", "SELECT $1::text AS id, $2::text AS who, $3::bigint AS step"
        ),
        {"replayed"},
    ),
    "clock": (
        lambda patch, hall: patch(presence, "_clock", lambda *_, **__: []),
        {"with_the_clock_of_another_day"},
    ),
    "device": (
        lambda patch, hall: (
            patch(checking_in, "ALONE_WITH_DEVICE", None) or patch(checking_in, "_others_with", no_others)
        ),
        {"with_anothers_phone"},
    ),
    "fence": (
        lambda patch, hall: patch(presence, "_place", lambda *_, **__: []),
        {"from_300_metres", "in_the_wrong_datum"},
    ),
    "window": (lambda patch, hall: patch(checking_in, "site_of", wide_open), {"before_the_opening"}),
    "invited": (
        lambda patch, hall: patch(checking_in, "observer_in", lambda *_: an_observer(hall)),
        {"not_invited"},
    ),
}


async def no_others(*_):
    return set()


@pytest.mark.parametrize("name", PROTECTIONS)
async def test_without_a_protection_its_own_forgeries_count_and_no_others(hall, monkeypatch, name):
    take_away, wanted = PROTECTIONS[name]
    take_away(monkeypatch.setattr, hall)
    counted = {one.__name__ for one in FORGERIES if await outcome(one, hall) == "counted"}
    assert counted == wanted


def test_the_wrong_datum_is_further_away_than_any_fence():
    moved = to_wgs84(Position(HALL.latitude, HALL.longitude, Datum.GCJ02))
    away = presence.distance_m(moved, Position(HALL.latitude, HALL.longitude, Datum.WGS84))
    assert away > 300
