"""Telling observers of a visit: that they are invited, and what came of it."""

from models import InboxMessage, JournalEntry, SiteVisit, VisitObserver
from server.kernel.workdays import say
from server.notifications.inbox.wording import TO_OBSERVERS


async def tell_observers(entry: JournalEntry) -> None:
    """Tell the observers of a visit; safe to repeat."""
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
        for person_id in [one.person_id for one in await VisitObserver.filter(visit_id=visit.id)]
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
