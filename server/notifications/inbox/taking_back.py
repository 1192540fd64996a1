"""Taking back: an item that went away from who answered for it leaves him words, not a page that he can't open."""

from models import InboxMessage, JournalEntry, LedgerItem
from server.notifications.inbox.telling import LONGEST
from server.notifications.inbox.wording import TAKEN_BACK

ITEM = "ledger_item"
NOTHING = "nothing"  # a message that leads to no page


async def take_back(entry: JournalEntry) -> list[int]:
    """Tell everybody else who was told of an item that it is gone; returns the entries he was told by. Repeatable.

    What he has not read yet goes; what he has read stays, and leads to no page any more.
    """
    item = await LedgerItem.get_or_none(id=entry.subject_id)
    if item is None:
        return []
    gone = InboxMessage.filter(subject_kind=ITEM, subject_id=item.id, entry_id__lt=entry.id)
    if item.commissioner_id:
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
    return [one.entry_id for one in found]
