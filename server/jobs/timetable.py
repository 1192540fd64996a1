"""The timetable: what runs when, in one list. Each period runs once, for any number of workers."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog

from models import Photo
from models.vocabulary import PhotoState
from server import (
    cases,
    exports,
    files,
    ledger_sheets,
    moderation,
    obligations,
    own_data,
    photos,
    reminders,
    scoring,
    sealed,
    site_visits,
    tasks,
)
from server.jobs.renditions import put_in_line_again
from server.journal import anchoring
from server.kernel.clock import business_date
from server.notifications import channels, wechat_messages
from server.packs import ways_of
from server.tools import Tools
from server.web.door import idempotency

Timetable = Mapping[str, tuple[str, Callable[[Tools], Awaitable[None]]]]  # name: cron expression and function
LEFT_BEHIND = timedelta(minutes=10)

log = structlog.get_logger(__name__)


async def anchor_journal(tools: Tools) -> None:
    """Write the last block's hash where the database can't reach, so that a cut end is detected (G11)."""
    line = await anchoring.anchor(tools.settings, now=tools.clock.now())
    try:
        await anchoring.push(line, tools.settings)
    except anchoring.NotPushed as error:
        log.error("anchor_not_pushed", kind=type(error.__cause__ or error).__name__)


async def develop_what_was_left(tools: Tools) -> None:
    """Resume photos that no worker has rendered for ten minutes."""
    before = tools.clock.now() - LEFT_BEHIND
    left = Photo.filter(state=PhotoState.STORED, unnamed_key=None, is_entered=True, received_at__lt=before)
    await put_in_line_again(await left.order_by("turn", "received_at").limit(100))


async def release_cases(tools: Tools) -> None:
    """Tell the units about all new cases at once, at 17:00 in Asia/Shanghai (R2)."""
    await cases.render_waiting(tools=tools)
    await cases.release_batch(business_date(tools.clock.now()))


async def let_leavers_go(tools: Tools) -> None:
    """Erase people who asked for it seven days ago."""
    await own_data.let_leavers_go(now=tools.clock.now())


async def sweep_staging(tools: Tools) -> None:
    """Remove what crashed uploads left, after a day."""
    await tools.storage.sweep_staging(tools.clock.now() - timedelta(days=1))


async def forget_uploads(tools: Tools) -> None:
    """Forget photos that came in parts and were not complete within a day."""
    await photos.uploads.forget_uploads(now=tools.clock.now(), tools=tools)


async def forget_unnamed_photos(tools: Tools) -> None:
    """Forget photos that no report named within a day."""
    await photos.forget_unnamed(storage=tools.storage, now=tools.clock.now())


async def forget_stray_originals(tools: Tools) -> None:
    """Remove photo bytes that a crash left without a row, after a day."""
    await photos.forget_strays(storage=tools.storage, now=tools.clock.now())


async def forget_answers(tools: Tools) -> None:
    """Forget the responses stored under idempotency keys, after a week."""
    await idempotency.forget_answers(now=tools.clock.now())


async def forget_previews(tools: Tools) -> None:
    """Forget previewed sheets that were never confirmed."""
    await tasks.forget_previews(now=tools.clock.now())
    await ledger_sheets.forget_previews(now=tools.clock.now())
    await site_visits.forget_observer_previews(now=tools.clock.now())


async def forget_exports(tools: Tools) -> None:
    """Delete exported files after a day."""
    await exports.forget_exports(storage=tools.storage, now=tools.clock.now())


async def sweep_content_checks(tools: Tools) -> None:
    """Ask again for verdicts that are due, or pass the content to a person (REV-01)."""
    await moderation.sweep(tools=tools)


async def enter_sealed_reports(_: Tools) -> None:
    """Enter the past hour's sealed reports for the office, in mixed order."""
    await sealed.enter_arrivals()


async def forget_tickets(tools: Tools) -> None:
    """Forget used tickets and their days of issue; destroy envelopes half a year later."""
    await sealed.forget_days(now=tools.clock.now())
    await sealed.destroy_envelopes(now=tools.clock.now())


async def lock_rounds(tools: Tools) -> None:
    """Lock scoring rounds at their time; destroy keys of sealed rounds that a crash left."""
    await scoring.lock_due(now=tools.clock.now(), tools=tools)
    await scoring.destroy_left_keys(tools=tools)


async def send_subscribe_messages(tools: Tools) -> None:
    """Send WeChat messages that waited for their hour or for a retry."""
    await wechat_messages.sweep(tools=tools)


async def mind_work(tools: Tools) -> None:
    """Send one message at 8:30 on working days about waiting work (REM-05)."""
    await wechat_messages.mind_work(tools=tools)
    await wechat_messages.send_due(tools=tools)


async def plan_reminders(tools: Tools) -> None:
    """Plan the day's reminders once, from 8:00; a day that was missed is caught up by the next run."""
    await reminders.plan_if_due(city_pack=tools.settings.city_pack, now=tools.clock.now())


async def remind_of_moments(tools: Tools) -> None:
    """Remind of what begins at its own moment, such as a stop that opens."""
    await reminders.remind_of_moments(city_pack=tools.settings.city_pack, now=tools.clock.now())


async def open_obligations(tools: Tools) -> None:
    """Open the obligations of each period that has begun, once a day; a day that was missed is caught up."""
    cadences = ways_of(tools.settings.city_pack).cadences
    await obligations.open_if_due(cadences=cadences, now=tools.clock.now())


async def forget_files(tools: Tools) -> None:
    """Forget files that no record named within a day."""
    await files.forget_files(storage=tools.storage, now=tools.clock.now())


async def find_followers(tools: Tools) -> None:
    """Learn which officials follow the city's service account, once a night."""
    await channels.find_followers(tools=tools)


async def deliver_reminders(tools: Tools) -> None:
    """Take reminders that were not read or acknowledged in time to the next channel or person."""
    await channels.deliver(tools=tools)
    await channels.send_unknown_again(tools=tools)


async def tell_reporters(tools: Tools) -> None:
    """Send one message from 18:00 on working days that there is news about reports; later runs retry."""
    await wechat_messages.tell_reporters(tools=tools)


TIMETABLE: Timetable = {
    "anchor_journal": ("* * * * *", anchor_journal),
    "deliver_reminders": ("* * * * *", deliver_reminders),
    "develop_what_was_left": ("*/10 * * * *", develop_what_was_left),
    "find_followers": ("40 19 * * *", find_followers),
    "forget_answers": ("20 3 * * *", forget_answers),
    "enter_sealed_reports": ("0 * * * *", enter_sealed_reports),
    "forget_exports": ("15 * * * *", forget_exports),
    "forget_stray_originals": ("50 3 * * *", forget_stray_originals),
    "forget_unnamed_photos": ("25 * * * *", forget_unnamed_photos),
    "forget_uploads": ("35 * * * *", forget_uploads),
    "forget_files": ("55 3 * * *", forget_files),
    "forget_previews": ("0 3 * * *", forget_previews),
    "forget_tickets": ("20 3 * * *", forget_tickets),
    "let_leavers_go": ("45 * * * *", let_leavers_go),
    "lock_rounds": ("* * * * *", lock_rounds),
    "mind_work": ("30 0 * * *", mind_work),  # 8:30 in Asia/Shanghai
    "open_obligations": ("1-59/10 * * * *", open_obligations),  # soon after midnight in Asia/Shanghai
    "plan_reminders": ("*/5 * * * *", plan_reminders),
    "remind_of_moments": ("* * * * *", remind_of_moments),
    "release_cases": ("0 9 * * *", release_cases),  # cron counts in UTC
    "send_subscribe_messages": ("* * * * *", send_subscribe_messages),
    "sweep_content_checks": ("*/5 * * * *", sweep_content_checks),
    "sweep_staging": ("30 3 * * *", sweep_staging),
    "tell_reporters": ("*/20 10-13 * * *", tell_reporters),  # 18:00 to 21:40 in Asia/Shanghai
}
