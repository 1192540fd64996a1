"""Photos are judged later and by callback; a verdict that does not come in time is replaced by a person's."""

import asyncio
from datetime import timedelta

import pytest

from models import ContentCheck, Photo, Rendition
from models.vocabulary import ContentKind, Unjudged
from models.vocabulary import ContentState as S
from server import moderation
from server.gateways.wechat import PictureVerdict, Verdict
from server.moderation.asking import ask
from tests.conftest import a_picture, until
from tests.server.moderation.acting import (
    OPENID,
    PICTURE_CHECK,
    amended,
    asked_photo,
    holdings,
    photo_in,
    put_off,
    reacted_again,
    reported,
    sealed,
    verdict_on,
    waited,
)

PHOTO = ContentKind.PHOTO


async def visible_photos(report):
    return (await moderation.for_others([report]))[report.id].photos


async def test_wechat_looks_at_the_marked_picture_and_calls_back(office, fake_wechat, laoma):
    report = await reported(laoma, a_picture())
    check = await asked_photo(report)
    assert await visible_photos(report) == frozenset()

    assert await fake_wechat.fire_callbacks() == [{"trace_id": check.trace_id, "status": 200}]
    (seen,) = await fake_wechat.pictures()
    medium = await Rendition.get(subject_id=report.id, size="medium")
    assert (seen["sha256"], seen["openid"]) == (medium.sha256, OPENID)

    check = await photo_in(report, S.PASS)
    assert (check.label, check.due_at, check.attempts) == (100, None, 1)
    photo = await Photo.get()
    assert await visible_photos(report) == {photo.sha256}
    assert [one.id for one in await moderation.photos_for_others(report)] == [photo.id]


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(("suggest", "state"), [("review", S.REVIEW), ("risky", S.RISKY)])
async def test_a_doubtful_photo_waits_for_a_person(office, fake_wechat, laoma, chen, suggest, state, form):
    await fake_wechat.set_callback(f"{office.base_url}/wechat/callback", form)
    await fake_wechat.judge_picture("/checks/pictures/", suggest, 20002)
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    await fake_wechat.fire_callbacks()

    check = await photo_in(report, state)
    assert [(held.check.id, held.words) for held in await moderation.queue(chen)] == [
        (check.id, f"{state.label}，可能涉及色情")
    ]
    assert await visible_photos(report) == frozenset()
    assert (await laoma.get(f"/observations/{report.client_id}")).json()["photos"][0]["links"]


async def test_a_late_verdict_still_counts_before_the_timer_rings(office, fake_wechat, laoma):
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    await waited(office, minutes=37)
    await fake_wechat.fire_callbacks()
    assert (await photo_in(report, S.PASS)).attempts == 1
    assert await fake_wechat.calls(PICTURE_CHECK) == 1


async def test_a_photo_in_two_reports_is_judged_in_each(fake_wechat, laoma):
    picture = a_picture()
    first = await reported(laoma, picture)
    second = await reported(laoma, picture, text="另一件事")
    one, other = await asked_photo(first), await asked_photo(second)
    assert one.trace_id != other.trace_id
    assert one.digest == other.digest


async def test_somebody_not_seen_lately_is_judged_by_a_person(fake_wechat, laoma):
    await fake_wechat.send_away(OPENID)
    report = await reported(laoma, a_picture())
    assert (await photo_in(report, S.UNKNOWN)).unjudged is Unjudged.NOT_SEEN_LATELY


# Timers


async def test_without_a_verdict_wechat_is_asked_once_more_and_then_a_person(
    office, fake_wechat, laoma, chen
):
    report = await reported(laoma, a_picture())
    first = await asked_photo(report)
    await waited(office, minutes=39)
    second = await asked_photo(report)
    assert (second.trace_id != first.trace_id, second.attempts, second.unanswered) == (True, 2, 1)
    await waited(office, minutes=30)
    assert (await ContentCheck.get(kind=PHOTO)).state is S.PENDING

    await waited(office, minutes=9)
    held = await photo_in(report, S.UNKNOWN)
    assert (held.unjudged, await fake_wechat.calls(PICTURE_CHECK)) == (Unjudged.NO_ANSWER, 2)
    assert [one.check.id for one in await moderation.queue(chen)] == [held.id]

    for _ in range(3):
        await waited(office, hours=1)
    assert await fake_wechat.calls(PICTURE_CHECK) == 2
    assert await holdings() == 1


async def test_the_verdict_of_an_earlier_asking_changes_nothing(office, laoma):
    report = await reported(laoma, a_picture())
    first = await asked_photo(report)
    await waited(office, minutes=39)
    second = await asked_photo(report)

    assert (await verdict_on(office, first.trace_id)).text == "success"
    assert await ContentCheck.get(kind=PHOTO).values("state", "version") == {"state": S.PENDING, "version": 1}
    await verdict_on(office, second.trace_id, "risky")
    await photo_in(report, S.RISKY)


async def test_the_verdict_of_an_earlier_asking_does_not_answer_one_that_was_put_off(
    office, fake_wechat, laoma
):
    report = await reported(laoma, a_picture())
    first = await asked_photo(report)
    await fake_wechat.disturb(PICTURE_CHECK, "errcode", -1)
    await waited(office, minutes=39)
    await verdict_on(office, first.trace_id)
    assert (await ContentCheck.get(kind=PHOTO)).state is S.PENDING


async def test_a_verdict_that_comes_after_the_second_timer_changes_nothing(office, fake_wechat, laoma):
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    for _ in range(2):
        await waited(office, minutes=39)
    held = await photo_in(report, S.UNKNOWN)
    for answer in await fake_wechat.fire_callbacks():
        assert answer["status"] == 200
    assert (await ContentCheck.get(id=held.id)).version == held.version
    assert await visible_photos(report) == frozenset()


# When a picture cannot be fetched


async def use_up_link(check):
    await ContentCheck.filter(id=check.id).update(fetches=3)


async def test_a_photo_that_was_not_fetched_is_shown_once_more(office, fake_wechat, laoma):
    report = await reported(laoma, a_picture())
    first = await asked_photo(report)
    await use_up_link(first)
    await fake_wechat.fire_callbacks()
    waiting = await ContentCheck.get(id=first.id)
    assert (waiting.state, waiting.trace_id, waiting.unanswered) == (S.PENDING, None, 1)

    await waited(office, minutes=5)
    await asked_photo(report)
    await fake_wechat.fire_callbacks()
    assert (await photo_in(report, S.PASS)).attempts == 2


async def test_a_photo_that_was_not_fetched_twice_goes_to_a_person(office, fake_wechat, laoma):
    report = await reported(laoma, a_picture())
    for _ in range(2):
        await use_up_link(await asked_photo(report))
        await fake_wechat.fire_callbacks()
        await waited(office, minutes=5)
    check = await photo_in(report, S.UNKNOWN)
    assert (check.unjudged, await fake_wechat.calls(PICTURE_CHECK)) == (Unjudged.NOT_FETCHED, 2)


# Deaths between asking and noting


async def test_a_death_between_asking_and_noting_costs_one_more_asking(office, fake_wechat, laoma):
    report = await reported(laoma, a_picture(), text="先到的文字")
    first = await asked_photo(report)
    await ContentCheck.filter(id=first.id).update(trace_id=None, due_at=office.watch.now(), asked_at=None)
    await fake_wechat.disturb(PICTURE_CHECK, "hang", 5)
    dying = asyncio.create_task(ask(first, tools=office.tools))
    await until(lambda: _is_asked(2, fake_wechat))
    dying.cancel()
    await asyncio.wait([dying])

    await verdict_on(office, first.trace_id)
    assert (await ContentCheck.get(id=first.id)).state is S.PENDING
    await waited(office, minutes=1)
    assert await fake_wechat.calls(PICTURE_CHECK) == 2  # its lease still runs
    await waited(office, minutes=2)
    again = await asked_photo(report)
    assert (await ContentCheck.filter(kind=PHOTO).count(), again.unanswered) == (1, 0)
    await verdict_on(office, again.trace_id)
    await photo_in(report, S.PASS)


async def _is_asked(times, fake_wechat):
    return await fake_wechat.calls(PICTURE_CHECK) == times


async def test_an_asking_whose_answer_was_swallowed_is_repeated_and_its_verdict_ignored(
    office, fake_wechat, laoma
):
    await fake_wechat.disturb(PICTURE_CHECK, "swallow")
    report = await reported(laoma, a_picture())
    await until(lambda: ContentCheck.exists(kind=PHOTO, attempts=1))
    await put_off(report, PHOTO)
    (forgotten,) = await fake_wechat.pictures()
    assert (await verdict_on(office, forgotten["trace_id"])).status_code == 200
    assert (await ContentCheck.get(kind=PHOTO)).state is S.PENDING

    await waited(office, minutes=5)
    assert (await asked_photo(report)).trace_id != forgotten["trace_id"]


async def test_jobs_that_come_again_show_a_photo_once(office, fake_wechat, laoma):
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    await reacted_again(office, "photo.shown")
    await asyncio.gather(*(moderation.check_report(report, tools=office.tools) for _ in range(5)))
    assert await fake_wechat.calls(PICTURE_CHECK) == 1
    assert await ContentCheck.filter(kind=PHOTO).count() == 1


async def test_a_shown_photo_that_every_worker_missed_is_opened_by_the_sweep(office, laoma):
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    await ContentCheck.filter(kind=PHOTO).delete()
    await waited(office, minutes=11)
    await asked_photo(report)


# Sealed, replaced


async def test_the_photos_of_a_sealed_report_never_leave(office, fake_wechat, laoma, chen):
    report = await sealed(await reported(laoma, a_picture()))
    check = await photo_in(report, S.UNKNOWN)
    await waited(office, hours=3)

    assert check.unjudged is Unjudged.SEALED
    assert await moderation.count_of_queue(chen) == 2
    assert await fake_wechat.calls(PICTURE_CHECK) == 0


async def test_a_report_sealed_after_asking_gives_no_photo_away(office, fake_wechat, laoma):
    picture = a_picture()
    report = await reported(laoma, picture)
    await asked_photo(report)
    await sealed(report)
    await fake_wechat.fire_callbacks()

    (seen,) = await fake_wechat.pictures()
    medium = await Rendition.get(subject_id=report.id, size="medium")
    assert seen["sha256"] != medium.sha256
    await waited(office, minutes=5)
    assert (await photo_in(report, S.UNKNOWN)).unjudged is Unjudged.SEALED


async def test_a_photo_taken_out_of_a_report_is_not_asked_again(office, fake_wechat, laoma, chen):
    report = await reported(laoma, a_picture("red"))
    await asked_photo(report)
    blue = a_picture("blue")
    await amended(laoma, report, blue)
    await until(lambda: ContentCheck.exists(kind=PHOTO, is_current=False))
    for _ in range(3):
        await waited(office, minutes=39)

    assert await fake_wechat.calls(PICTURE_CHECK) == 1
    assert await moderation.count_of_queue(chen) == 0


async def test_a_pass_does_not_cover_a_photo_that_came_later(fake_wechat, laoma):
    report = await reported(laoma, a_picture("red"))
    await asked_photo(report)
    await fake_wechat.fire_callbacks()
    await photo_in(report, S.PASS)
    blue = a_picture("blue")
    changed = await amended(laoma, report, blue)
    await laoma.upload(blue)

    assert await moderation.photos_for_others(changed) == []
    await until(lambda: ContentCheck.exists(kind=PHOTO, state=S.PENDING, trace_id__not_isnull=True))
    await fake_wechat.fire_callbacks()
    await until(lambda: moderation.photos_for_others(changed))


async def test_the_lease_outlives_every_exchange_and_the_patience_wechats_promise():
    assert timedelta(seconds=60) < moderation.asking.LEASE
    assert timedelta(minutes=35) <= moderation.asking.PATIENCE < timedelta(seconds=moderation.linking.SECONDS)


async def test_of_five_verdicts_at_once_one_counts(office, laoma):
    check = await asked_photo(await reported(laoma, a_picture()))
    told = PictureVerdict(check.trace_id, Verdict("risky"))
    heard = await asyncio.gather(*(moderation.hear(told, now=office.watch.now()) for _ in range(5)))
    assert heard.count(True) == 1
