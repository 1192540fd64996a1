"""Telling commissioners: one inbox row per event that concerns them, however often this runs."""

from models import InboxMessage, JournalEntry, LedgerItem
from server import templates
from server.notifications.inbox.wording import TO_COMMISSIONER

LONGEST = 300  # characters that fit into an inbox row


async def tell_commissioner(entry: JournalEntry) -> None:
    """Tell the person who answers for an item what they should do; safe to repeat."""
    item = await LedgerItem.filter(id=entry.subject_id).select_related("lead_unit").first()
    if item is None or item.commissioner_id is None:
        return
    facts = {"unit": item.lead_unit.short_name if item.lead_unit else ""} | entry.detail
    facts |= {"number": item.number_text, "title": item.title}
    title, body = await templates.worded(TO_COMMISSIONER[entry.event], facts)
    message = InboxMessage(
        person_id=item.commissioner_id,
        entry_id=entry.id,
        title=title,
        body=body[:LONGEST],
        subject_kind="ledger_item",
        subject_id=item.id,
        created_at=entry.at,
    )
    await InboxMessage.bulk_create([message], ignore_conflicts=True)
