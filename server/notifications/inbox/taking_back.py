"""Taking back: a person who no longer answers for an item keeps its messages, but without a link they can't open."""

from models import InboxMessage, JournalEntry, LedgerItem
from server.ledger import ENDED
from server.notifications.inbox.telling import LONGEST
from server.notifications.inbox.wording import TAKEN_BACK

ITEM = "ledger_item"
NOTHING = "nothing"  # a message that leads to no page


async def take_back(entry: JournalEntry) -> list[int]:
    """Tell everybody else who was told of an item that it is gone; returns those earlier entries. Safe to repeat.

    Unread messages are deleted; read ones stay, but no longer lead to a page.
    """
    item = await LedgerItem.get_or_none(id=entry.subject_id)
    if item is None:
        return []
    gone = InboxMessage.filter(subject_kind=ITEM, subject_id=item.id, entry_id__lt=entry.id)
    if item.commissioner_id and item.state not in ENDED:  # who still answers for it
        gone = gone.exclude(person_id=item.commissioner_id)
    found = await gone
    title, body = TAKEN_BACK[entry.event]
    words = body.format(number=item.number_text, title=item.title)[:LONGEST]
    told = [
        InboxMessage(
            person_id=person_id,
            entry_id=entry.id,
            title=title,
            body=words,
            subject_kind=NOTHING,
            subject_id=item.id,
            created_at=entry.at,
        )
        for person_id in {one.person_id for one in found}
    ]
    await InboxMessage.bulk_create(told, ignore_conflicts=True)
    await gone.filter(read_on=None).delete()
    await gone.update(subject_kind=NOTHING)
    return [one.entry_id for one in found if one.entry_id]
