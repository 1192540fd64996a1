"""The morning message: on each working day it tells what waits, instead of one message per item (REM-05)."""

from datetime import date, datetime

from models import Delivery, Person, SubscriptionQuota
from models.vocabulary import Channel
from server import ledger, observations, policies
from server.kernel.calendars import calendar
from server.kernel.clock import business_date, day_of
from server.kernel.workdays import Calendar
from server.notifications.wechat_messages.planning import Words, put_down
from server.notifications.wechat_messages.purposes import Purpose
from server.people import Actor, Permission, actor_as, may
from server.tools import Tools

OVERDUE = Purpose("item_due")
SOON = Purpose("item_due", is_minor=True)
REVIEWS = Purpose("review_due")
TO_DO = "pages/ledger/ledger"  # the page that lists a person's work


async def mind_work(*, tools: Tools) -> None:
    """Plan the morning's messages for those with work due or reports to review; once a day."""
    now, known = tools.clock.now(), await calendar()
    today = business_date(now)
    if not known.is_workday(today):
        return
    for look, name in ((_work, OVERDUE.name), (_reviews, REVIEWS.name)):
        for person in await _able(name, tools=tools):
            if name == OVERDUE.name and await _is_reminded(person, now=now):
                continue
            actor = await actor_as(person, on=today)
            if found := await look(actor, today=today, known=known):
                await _put_down(found, to=person, tools=tools, now=now)


async def _is_reminded(person: Person, *, now: datetime) -> bool:
    """Return whether a message about the person's work waits to be sent this morning anyway."""
    waiting = Delivery.filter(person_id=person.id, channel=Channel.SUBSCRIBE, planned_at__gte=day_of(now))
    return await waiting.exists()


async def _able(purpose: str, *, tools: Tools) -> list[Person]:
    template = tools.settings.wechat_templates.get(purpose, "")
    allowed = SubscriptionQuota.filter(template=template, credits__gt=0)
    return await Person.filter(id__in=[row["person_id"] for row in await allowed.values("person_id")])


async def _put_down(found: tuple[Purpose, Words], *, to: Person, tools: Tools, now: datetime) -> None:
    (purpose, words), templates = found, tools.settings.wechat_templates
    cause = f"day:{business_date(now)}"
    quiet = (await policies.in_force()).quiet_hours
    await put_down(words, to=[to.id], purpose=purpose, cause=cause, templates=templates, quiet=quiet, now=now)


async def _work(actor: Actor, *, today: date, known: Calendar) -> tuple[Purpose, Words] | None:
    work = await ledger.own_work(actor, today=today, calendar=known)
    if work is None or not (work.overdue or work.due_soon):
        return None
    title = f"{work.overdue}件事项已逾期" if work.overdue else f"{work.due_soon}件事项快到期"
    words = Words(title, f"共{work.total}件待办，请打开办理", TO_DO)
    return OVERDUE if work.overdue else SOON, words


async def _reviews(actor: Actor, *, today: date, known: Calendar) -> tuple[Purpose, Words] | None:
    if not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return None
    waiting = await observations.count_of_queue(actor)
    overdue = await observations.count_of_queue(actor, promised_before=today)
    about = f"其中{overdue}件已过答复期限" if overdue else "请打开审核"
    return (REVIEWS, Words(f"{waiting}件上报等您审核", about, TO_DO)) if waiting else None
