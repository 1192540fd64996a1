"""Reminders on phones: acknowledging, own quiet hours, the true state of subscriptions, and the calendar feed."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import calendar_feeds, policies, reminders
from server.calendar_feeds import FeedGone
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.notifications import channels, subscriptions
from server.notifications.subscriptions import SubscriptionTruth
from server.packs import ways_of
from server.reminders import OpenHours, TooQuiet
from server.web.door.admission import tools_of
from server.web.door.guards import phone, public
from server.web.door.operations import actor_of, answer, operation

blueprint = Blueprint("reminders")
Minute = Annotated[int, Meta(ge=0, le=1439)]


class AboutSubject(Struct, frozen=True, forbid_unknown_fields=True):
    """The matter whose reminders are wanted."""

    subject_id: UUID


class ReminderCard(Struct):
    """A reminder of a matter that waits for an acknowledgement."""

    id: UUID
    title: str
    body: str
    told_at: datetime


class ReminderList(Struct):
    """The person's open reminders of a matter."""

    items: list[ReminderCard]


class QuietHours(Struct, frozen=True, forbid_unknown_fields=True):
    """Own quiet hours in minutes of the day; both null for none."""

    quiet_from: Minute | None = None
    quiet_until: Minute | None = None


class TemplateState(Struct):
    """What is known of one kind of message: what the person answered last, and how many messages are left."""

    template: str
    name: str
    state: SubscriptionTruth
    words: str
    credits: int


class ReminderSettings(Struct):
    """How the person is reminded; `opens` and `closes` are the city's hours, which nobody can widen."""

    quiet_from: int | None
    quiet_until: int | None
    opens: int
    closes: int
    templates: list[TemplateState]
    feed_made_on: date | None


class FeedLink(Struct):
    """The calendar's link, which is shown only now."""

    url: str


@operation(
    blueprint,
    "GET",
    "/reminders",
    summary="待确认的提醒",
    guard=phone(),
    query=AboutSubject,
    answers={200: ReminderList},
)
async def list_reminders(request: Request, query: AboutSubject) -> HTTPResponse:
    """Return the person's open reminders of a matter."""
    found = await reminders.open_reminders(actor_of(request), query.subject_id)
    return answer(ReminderList([ReminderCard(one.id, one.title, one.body, one.told_at) for one in found]))


@operation(
    blueprint,
    "PUT",
    "/reminders/<reminder_id:uuid>/acknowledgement",
    summary="知道了",
    guard=phone(),
    answers={204: None},
    refusals=(NoSuchThing,),
)
async def acknowledge(request: Request, reminder_id: UUID) -> HTTPResponse:
    """Acknowledge a reminder: it goes on to nobody else on this person's account. Repeating it changes nothing."""
    await reminders.acknowledge_own(actor_of(request), reminder_id)
    return answer(status=204)


@operation(
    blueprint,
    "PUT",
    "/deliveries/<delivery_id:uuid>/opening",
    summary="打开了消息",
    guard=phone(),
    answers={204: None},
    refusals=(NoSuchThing,),
)
async def note_opening(request: Request, delivery_id: UUID) -> HTTPResponse:
    """Record that the page behind a message was opened; repeating it changes nothing."""
    now = tools_of(request).clock.now()
    if not await channels.mark_opened(delivery_id, by=actor_of(request).person.id, now=now):
        raise NoSuchThing
    return answer(status=204)


@operation(
    blueprint,
    "GET",
    "/me/reminder-settings",
    summary="提醒设置",
    guard=phone(),
    answers={200: ReminderSettings},
)
async def see_settings(request: Request) -> HTTPResponse:
    """Return the person's quiet hours and the true state of each kind of message (REM-11)."""
    return answer(await _settings(request))


@operation(
    blueprint,
    "PUT",
    "/me/reminder-settings",
    summary="改免打扰时间",
    guard=phone(),
    body=QuietHours,
    answers={200: ReminderSettings},
    refusals=(TooQuiet,),
)
async def keep_settings(request: Request, command: QuietHours) -> HTTPResponse:
    """Set or clear the person's own quiet hours."""
    await reminders.keep_quiet(
        actor_of(request),
        starts=command.quiet_from,
        ends=command.quiet_until,
        open_hours=await _open_hours(),
    )
    return answer(await _settings(request))


@operation(
    blueprint,
    "POST",
    "/me/calendar-feed",
    summary="生成日历链接",
    guard=phone(per_minute=10),
    answers={201: FeedLink},
)
async def make_feed(request: Request) -> HTTPResponse:
    """Return a new link to the person's calendar; an earlier one stops working."""
    tools = tools_of(request)
    on = business_date(tools.clock.now())
    secret = await calendar_feeds.make_link(by=actor_of(request), on=on)
    url = f"{tools.settings.public_url}/api/v1/calendar-feeds/{secret}"
    return answer(FeedLink(url), status=201)


@operation(
    blueprint, "DELETE", "/me/calendar-feed", summary="停用日历链接", guard=phone(), answers={204: None}
)
async def revoke_feed(request: Request) -> HTTPResponse:
    """End the link to the person's calendar."""
    await calendar_feeds.revoke_link(by=actor_of(request))
    return answer(status=204)


@operation(
    blueprint,
    "GET",
    "/calendar-feeds/<secret:str>",
    summary="个人日历",
    guard=public(per_minute=60),
    answers={200: "text/calendar"},
    refusals=(FeedGone,),
)
async def show_feed(request: Request, secret: str) -> HTTPResponse:
    """Return a person's calendar to whoever has its link, such as the calendar program of their phone."""
    tools = tools_of(request)
    person = await calendar_feeds.whose(secret)
    product = ways_of(tools.settings.city_pack).names.product
    body = await calendar_feeds.feed_of(person, product=product, now=tools.clock.now())
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return HTTPResponse(body, headers=headers, content_type="text/calendar; charset=utf-8")


async def _settings(request: Request) -> ReminderSettings:
    actor, tools = actor_of(request), tools_of(request)
    own, hours = await reminders.setting_of(actor), await _open_hours()
    truth = await subscriptions.truth_of(actor, templates=tools.settings.wechat_templates)
    return ReminderSettings(
        quiet_from=own.quiet_from if own else None,
        quiet_until=own.quiet_until if own else None,
        opens=hours.opens,
        closes=hours.closes,
        templates=[TemplateState(one.template, one.name, one.state, one.words, one.credits) for one in truth],
        feed_made_on=own.feed_made_on if own else None,
    )


async def _open_hours() -> OpenHours:
    quiet = (await policies.in_force()).quiet_hours
    return OpenHours(quiet.ends.hour * 60 + quiet.ends.minute, quiet.starts.hour * 60 + quiet.starts.minute)
