"""Telling observers of a visit: that they are invited, that it is tomorrow, that a stop is open, what came of it."""

from uuid import UUID

from models import InboxMessage, JournalEntry, Recusal, SiteVisit, VisitObserver
from server.kernel.workdays import say
from server.notifications.inbox.wording import TO_OBSERVERS


async def tell_observers(entry: JournalEntry) -> None:
    """Tell the observers of a visit, but nobody of a stop they are recused from; safe to repeat."""
    visit = await SiteVisit.get_or_none(id=entry.subject_id)
    if visit is None:  # a round of something else
        return
    title, body = TO_OBSERVERS[entry.event]
    facts = {**entry.detail, "title": visit.title, "day": say(visit.held_on)}
    messages = [
        InboxMessage(
            person_id=person_id,
            entry_id=entry.id,
            title=title,
            body=body.format_map(facts)[:300],
            subject_kind="site_visit",
            subject_id=visit.id,
            created_at=entry.at,
        )
        for person_id in await _people(visit, stop=entry.detail.get("stop"))
    ]
    await InboxMessage.bulk_create(messages, ignore_conflicts=True)


async def tell_observer(entry: JournalEntry) -> None:
    """Tell somebody who is invited after the visit was published; safe to repeat."""
    invited = await VisitObserver.get_or_none(id=entry.detail["observer"]).select_related("visit")
    if invited is None:
        return
    published = await JournalEntry.filter(event="site_visit.published", subject_id=invited.visit_id).first()
    if published is None or entry.id < published.id:  # all who were invited before are told at once
        return
    title, body = TO_OBSERVERS["site_visit.published"]
    message = InboxMessage(
        person_id=invited.person_id,
        entry_id=entry.id,
        title=title,
        body=body.format_map({"title": invited.visit.title, "day": say(invited.visit.held_on)})[:300],
        subject_kind="site_visit",
        subject_id=invited.visit_id,
        created_at=entry.at,
    )
    await InboxMessage.bulk_create([message], ignore_conflicts=True)


async def _people(visit: SiteVisit, *, stop: str | None) -> list[UUID]:
    everybody = await VisitObserver.filter(visit_id=visit.id).order_by("id")
    if stop is None:
        return [one.person_id for one in everybody]
    recused = await Recusal.filter(entry_id=stop, judge__round_id=visit.id).select_related("judge")
    out = {one.judge.person_id for one in recused}
    return [one.person_id for one in everybody if one.person_id not in out]
