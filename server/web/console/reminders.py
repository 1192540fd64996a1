"""Reminders on the console: rules with history, the coming week, what was sent with its proof, and what went wrong."""

from dataclasses import replace
from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import Channel, DeliveryState, Recipient, Urgency
from server import people, reminders
from server.kernel.clock import business_date
from server.people import Permission
from server.reminders import DayAhead
from server.reminders.planning import urgency_of
from server.reminders.wording import EXAMPLES
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_filter, read_form
from server.web.console.reminder_forms import ChangedRule, TypedRule, offsets_words
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_reminders", url_prefix="/reminders")

SEE = desk(Permission.SEE_REMINDERS)
DEAL = desk(Permission.SEE_REMINDERS, csrf=True)
KEEP = desk(Permission.KEEP_REMINDERS, csrf=True)
HERE = "/console/reminders"
ON_PAGE = 50
MOST_SHOWN = 200


class SentFilter(Struct, frozen=True, kw_only=True):
    """Which reminders to show; `after` is the last one of the previous page."""

    state: DeliveryState | None = None
    after: UUID | None = None


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_rules(request: Request) -> HTTPResponse:
    """Show every kind's rule as it is in force."""
    rules = await reminders.rules_in_force(city_pack=_pack(request))
    return await page(request, "reminders/rules.html", rules=rules, offsets_words=offsets_words)


@blueprint.get("/rules/<kind:str>", name="rule", ctx_guard=SEE)
async def show_rule(request: Request, kind: str) -> HTTPResponse:
    """Show one rule with its history and, for people who may change it, the form."""
    rule = await reminders.rule_of(kind, city_pack=_pack(request))
    history = await reminders.history_of(kind, city_pack=_pack(request))
    authors = await people.designations_of(one.by_id for one in history if one.by_id)
    return await page(
        request,
        "reminders/rule.html",
        rule=rule,
        history=history,
        authors=authors,
        offsets_words=offsets_words,
        recipients=list(Recipient),
        climbers=reminders.CLIMBERS,
        channels=[one for one in Channel if one is not Channel.INBOX],
        urgencies=list(Urgency),
        urgency_of=urgency_of,
        blanks=EXAMPLES,
    )


@blueprint.post("/rules/<kind:str>", name="change", ctx_guard=KEEP)
async def change_rule(request: Request, kind: str) -> HTTPResponse:
    """Change a rule; reminders that were sent stay as they are."""
    typed = read_form(request, ChangedRule)
    await reminders.change_rule(
        kind,
        version=typed.version,
        new=typed.as_rule(),
        city_pack=_pack(request),
        by=actor_of(request),
        now=tools_of(request).clock.now(),
    )
    return go_to(request, f"{HERE}/rules/{kind}")


@blueprint.post("/rules/<kind:str>/preview", name="try", ctx_guard=KEEP)
async def try_rule(request: Request, kind: str) -> HTTPResponse:
    """Show whom a rule as typed would reach in the coming seven days; nothing is changed."""
    content = reminders.check(read_form(request, TypedRule).as_content())
    await reminders.rule_of(kind, city_pack=_pack(request))
    today = business_date(tools_of(request).clock.now())
    days = await reminders.week_ahead(today, city_pack=_pack(request), instead=(kind, content))
    own = [replace(day, planned=[one for one in day.planned if one.rule.kind.code == kind]) for day in days]
    return await _ahead(request, "reminders/tried.html", own)


@blueprint.get("/preview", name="preview", ctx_guard=SEE)
async def show_preview(request: Request) -> HTTPResponse:
    """Show whom the rules would reach in the coming seven days."""
    today = business_date(tools_of(request).clock.now())
    return await _ahead(
        request, "reminders/preview.html", await reminders.week_ahead(today, city_pack=_pack(request))
    )


async def _ahead(request: Request, template: str, days: list[DayAhead]) -> HTTPResponse:
    reached = reminders.people_in(days)
    return await page(
        request,
        template,
        days=days,
        who=await people.designations_of(reached),
        total=sum(len(one.planned) for one in days),
        people_count=len(reached),
        most=MOST_SHOWN,
    )


@blueprint.get("/sent", name="sent", ctx_guard=SEE)
async def show_sent(request: Request) -> HTTPResponse:
    """Show the reminders that were sent, newest first."""
    by = read_filter(request, SentFilter)
    found = await reminders.reminders_sent(state=by.state, after=by.after, limit=ON_PAGE)
    return await page(
        request,
        "reminders/sent.html",
        found=found[:ON_PAGE],
        next_after=found[ON_PAGE - 1].id if len(found) > ON_PAGE else None,
        total=await reminders.sent_in(by.state).count(),
        state=by.state,
        states=[one for one in DeliveryState if one in SHOWN],
    )


@blueprint.get("/sent/<reminder_id:uuid>", name="proof", ctx_guard=SEE)
async def show_proof(request: Request, reminder_id: UUID) -> HTTPResponse:
    """Show everything that was done to reach one person, with times."""
    return await page(request, "reminders/proof.html", proof=await reminders.proof_of(reminder_id))


@blueprint.get("/of/<subject_id:uuid>", name="of", ctx_guard=SEE)
async def show_of(request: Request, subject_id: UUID) -> HTTPResponse:
    """Show all reminders of one matter."""
    return await page(
        request,
        "reminders/of.html",
        found=await reminders.reminders_of(subject_id),
        subject_id=subject_id,
    )


@blueprint.get("/trouble", name="trouble", ctx_guard=SEE)
async def show_trouble(request: Request) -> HTTPResponse:
    """Show the messages that failed or may not have arrived, for somebody to act on."""
    total, total_events = await reminders.count_of_trouble()
    return await page(
        request,
        "reminders/trouble.html",
        found=await reminders.troubled(limit=MOST_SHOWN),
        total=total,
        events=await reminders.troubled_events(limit=MOST_SHOWN),
        total_events=total_events,
        first_of=reminders.first_of,
    )


@blueprint.post("/trouble/<delivery_id:uuid>/dealt-with", name="deal", ctx_guard=DEAL)
async def deal_with(request: Request, delivery_id: UUID) -> HTTPResponse:
    """Take a message off the list after telling its person otherwise."""
    await reminders.deal_with(delivery_id, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, f"{HERE}/trouble")


SHOWN = (
    DeliveryState.DELIVERED,
    DeliveryState.OPENED,
    DeliveryState.ACKNOWLEDGED,
    DeliveryState.WITHDRAWN,
)


def _pack(request: Request) -> str:
    return tools_of(request).settings.city_pack
