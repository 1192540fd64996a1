"""A forged check-in never counts as presence, and people who are there are never sent away (G13)."""

import hmac
from datetime import timedelta
from uuid import uuid4

import pytest

from models import CheckIn, JournalEntry, ScoreSignal, UsedCode, VisitBoard
from models.vocabulary import CheckInWay, Datum, Doubt, Presence, Role, SignalKind
from server import site_visits
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import finish_all
from server.site_visits.codes import letters
from server.site_visits.refusals import (
    AlreadyCheckedIn,
    ScreenCodeExpired,
    ScreenCodeUsed,
    StopNotOpen,
    WrongScreenCode,
    WrongStop,
)
from tests.server.site_visits.conftest import HALL, a_place

SECONDS = timedelta(seconds=1)


def doubts_of(check_in):
    return check_in.evidence["doubts"]


@pytest.fixture
async def screen(visit):
    await visit.publish()
    return await visit.screen()


async def test_who_scans_the_screen_at_the_stop_is_counted(visit, screen):
    done = await visit.check_in(0, await visit.scanned(0, screen=screen))
    kept = await visit.kept(0)
    assert (done.stop.position, done.of) == (1, 3)
    assert (kept.presence, kept.way, kept.place_grade) == (Presence.COUNTED, CheckInWay.CODE, "A")
    assert (doubts_of(kept), kept.evidence["distance_m"]) == ([], 0)


async def test_a_check_in_that_is_sent_again_is_the_same(visit, screen):
    given = await visit.scanned(0, screen=screen)
    first = await visit.check_in(0, given)
    again = await visit.check_in(0, given)
    assert again.check_in.id == first.check_in.id
    assert await CheckIn.all().count() == await UsedCode.all().count() == 1
    assert await JournalEntry.filter(event="site_visit.checked_in").count() == 1


async def test_another_phone_reads_that_he_is_checked_in(visit, screen):
    await visit.check_in(0, await visit.scanned(0, screen=screen))
    with pytest.raises(AlreadyCheckedIn):
        await visit.check_in(0, await visit.scanned(0, screen=screen), device="f" * 32)


async def test_a_code_counts_until_a_minute_after_its_step_began(visit, screen):
    begun = visit.now.replace(second=0, microsecond=0) + timedelta(minutes=5)
    visit.office.watch.ahead += begun + 59 * SECONDS - visit.now
    await visit.check_in(0, await visit.scanned(0, screen=screen, at=begun))
    assert (await visit.kept(0)).presence is Presence.COUNTED
    visit.office.watch.ahead += 2 * SECONDS
    await visit.check_in(1, await visit.scanned(1, screen=screen, at=begun))
    assert doubts_of(await visit.kept(1)) == [Doubt.LATER]  # a slow network, or a picture of the screen
    visit.office.watch.ahead += 30 * SECONDS
    with pytest.raises(ScreenCodeExpired):
        await visit.check_in(2, await visit.scanned(2, screen=screen, at=begun))


async def test_a_code_of_the_future_is_refused(visit, screen):
    with pytest.raises(ScreenCodeExpired):
        await visit.check_in(0, await visit.scanned(0, screen=screen, at=visit.now + timedelta(minutes=1)))


async def test_a_code_of_another_account_is_refused(visit, screen):
    other = (await visit.observer(1)).id
    with pytest.raises(WrongScreenCode):
        await visit.check_in(0, await visit.scanned(0, screen=screen, observer=other))


async def test_a_captured_code_is_of_no_use_for_another_check_in(visit, screen):
    given = await visit.scanned(0, screen=screen)
    replayed = type(given)(client_id=uuid4(), claimed_at=given.claimed_at, code=given.code, place=given.place)
    with pytest.raises(WrongScreenCode):
        await visit.check_in(0, replayed)


async def test_a_code_of_another_stop_is_refused(visit, screen):
    with pytest.raises(WrongScreenCode):
        await visit.check_in(0, await visit.scanned(0, screen=screen), stop=1)


async def test_the_code_of_one_step_counts_once_for_each_observer(visit, screen):
    """The observer was far away, so a person would check; the same step does not help again, the next one does."""
    begun = visit.now.replace(second=0, microsecond=0) + timedelta(minutes=5)
    visit.office.watch.ahead += begun - visit.now
    far = await visit.scanned(0, screen=screen, place=a_place(5000))
    await visit.check_in(0, far)
    assert (await visit.kept(0)).presence is Presence.LOOK
    with pytest.raises(ScreenCodeUsed):
        await visit.check_in(0, await visit.scanned(0, screen=screen))
    visit.office.watch.ahead += 31 * SECONDS
    await visit.check_in(0, await visit.scanned(0, screen=screen))
    assert (await visit.kept(0)).presence is Presence.COUNTED
    assert await CheckIn.all().count() == 1


async def test_a_revoked_screen_shows_nothing_that_counts(visit, screen):
    await site_visits.revoke_screen(visit.visit.id, screen.id, by=visit.chen, now=visit.now)
    with pytest.raises(WrongScreenCode):
        await visit.check_in(0, await visit.scanned(0, screen=screen))


async def test_a_code_that_is_rightly_made_before_the_stop_opens_is_refused(visit, screen):
    visit.office.watch.ahead -= timedelta(hours=3, minutes=10)
    with pytest.raises(StopNotOpen):
        await visit.check_in(0, await visit.scanned(0, screen=screen))


async def test_who_is_not_invited_finds_no_stop(visit, screen):
    stranger = await visit.office.actor(await visit.office.enrol("路人", Role.DEPUTY))
    with pytest.raises(NoSuchThing):
        await visit.check_in(0, await visit.scanned(0, screen=screen), by=stranger)


async def test_the_wall_code_of_another_stop_is_told(visit, screen):
    with pytest.raises(WrongStop):
        await visit.check_in(0, await visit.scanned(0, screen=screen, scene=visit.stops[1].scene))


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"place": None}, Doubt.NO_PLACE),
        ({"place": a_place(accuracy_m=201.0)}, Doubt.VAGUE_PLACE),
        ({"place": a_place(300.0, accuracy_m=20.0)}, Doubt.FAR_AWAY),
        ({"place": a_place(accuracy_m=0, datum=Datum.GCJ02)}, Doubt.FAR_AWAY),
        ({"code": None}, Doubt.NO_CODE),
    ],
)
async def test_a_weak_check_in_is_kept_and_looked_at(visit, screen, changes, doubt):
    await visit.check_in(0, await visit.scanned(0, screen=screen, **changes))
    kept = await visit.kept(0)
    assert (kept.presence, doubts_of(kept)) == (Presence.LOOK, [doubt])


async def test_the_fence_is_compared_in_one_datum(visit, screen):
    """The pair of domain-and-product §8.3: 386 m apart if the datums are mixed up."""
    same = type(a_place())(38.487660, 106.235299, Datum.GCJ02, 15.0)
    await visit.check_in(0, await visit.scanned(0, screen=screen, place=same))
    assert (await visit.kept(0)).presence is Presence.COUNTED
    assert HALL.datum is Datum.WGS84


@pytest.mark.parametrize(("metres", "is_counted"), [(214.0, True), (216.0, False)])
async def test_the_fence_ends_at_its_radius_and_the_accuracy(visit, screen, metres, is_counted):
    await visit.check_in(0, await visit.scanned(0, screen=screen, place=a_place(metres)))
    assert ((await visit.kept(0)).presence is Presence.COUNTED) is is_counted


@pytest.mark.parametrize(("seconds", "is_counted"), [(-119, True), (119, True), (-121, False), (122, False)])
async def test_a_phones_clock_may_be_two_minutes_off(visit, screen, seconds, is_counted):
    told = {"claimed_at": visit.now + seconds * SECONDS}
    await visit.check_in(0, await visit.scanned(0, screen=screen, **told))
    kept = await visit.kept(0)
    assert (kept.presence is Presence.COUNTED) is is_counted
    assert doubts_of(kept) == ([] if is_counted else [Doubt.CLOCK])


async def test_two_observers_on_one_phone_are_looked_at_both(visit, screen):
    await visit.check_in(0, await visit.scanned(0, screen=screen), device="a" * 32)
    await visit.check_in(1, await visit.scanned(1, screen=screen), device="a" * 32)
    assert (await visit.kept(0)).presence is Presence.COUNTED
    assert doubts_of(await visit.kept(1)) == [Doubt.SAME_DEVICE]
    flagged = await ScoreSignal.filter(kind=SignalKind.SAME_DEVICE).select_related("judge")
    assert {one.judge.person_id for one in flagged} == {visit.people[0].id, visit.people[1].id}


async def test_a_check_in_without_network_is_sent_later_and_looked_at(visit, screen):
    then = visit.now
    given = await visit.scanned(0, screen=screen, at=then)
    visit.office.watch.ahead += timedelta(hours=20)
    await visit.check_in(0, given)
    kept = await visit.kept(0)
    assert (kept.presence, kept.way, kept.was_at) == (Presence.LOOK, CheckInWay.LATER, given.claimed_at)
    visit.office.watch.ahead += timedelta(hours=5)
    with pytest.raises(ScreenCodeExpired):
        await visit.check_in(1, await visit.scanned(1, screen=screen, at=then, claimed_at=then))


async def test_who_comes_sooner_than_a_bus_is_flagged(visit, screen):
    far = type(HALL)(HALL.latitude + 1, HALL.longitude, HALL.datum)
    await type(visit.stops[1]).filter(id=visit.stops[1].id).update(wgs_latitude=far.latitude)
    visit.stops[1].wgs_latitude = far.latitude
    await visit.present(0)
    visit.office.watch.ahead += timedelta(minutes=10)
    await visit.present(0, stop=1)
    kinds = await ScoreSignal.all().values_list("kind", flat=True)
    assert kinds == [SignalKind.TOO_FAST]


async def test_the_board_hears_of_a_check_in_and_of_a_first_submission_only(visit, screen):
    async def version():
        return (await VisitBoard.get(visit_id=visit.visit.id)).version

    await visit.check_in(0, await visit.scanned(0, screen=screen))
    assert await version() == 1
    await visit.score(0)
    await finish_all()
    assert await version() == 2
    await visit.score(0, scores={"c1": "70.0", "c2": "70.0"}, base=1)
    await finish_all()
    assert await version() == 2


def test_a_screen_shows_what_any_other_program_computes():
    """HMAC-SHA-256 of `code|t`, its first 50 bits in Crockford's base32; five bits a letter."""
    bits = int.from_bytes(hmac.new(bytes(32), b"code|58000000", "sha256").digest()) >> (256 - 50)
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    told = [alphabet[int(f"{bits:050b}"[at : at + 5], 2)] for at in range(0, 50, 5)]
    assert letters(bytes(32), 58_000_000) == "".join(told)
