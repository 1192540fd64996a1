"""Telling people: one inbox row for each event that concerns them, however often it is asked for."""

from typing import Any

from models import InboxMessage, JournalEntry, Observation, Photo
from server.inbox.wording import reporter_words

KIND = "observation"


async def tell_reporter(entry: JournalEntry) -> None:
    """Tell the reporter of an observation what happened to it; safe to repeat."""
    observation = await Observation.filter(id=entry.subject_id).select_related("ledger_item").first()
    if observation is None:
        return
    item = observation.ledger_item
    detail: dict[str, Any] = {
        "receipt": observation.receipt_number,
        "promise": observation.promise_words,
        "reply": observation.reply,
        "number": item.number_text if item else "",
    }
    await _tell(entry, person_id=observation.reporter_id, subject_id=observation.client_id, detail=detail)


async def tell_owner_of_photo(entry: JournalEntry) -> None:
    """Tell whoever sent a photo that it can't be opened; safe to repeat."""
    photo = await Photo.get_or_none(id=entry.subject_id)
    subject = entry.detail.get("client_id")
    if photo is None or subject is None:
        return
    await _tell(entry, person_id=photo.owner_id, subject_id=subject, detail={"why": photo.refused_because})


async def _tell(entry: JournalEntry, *, person_id: Any, subject_id: Any, detail: dict[str, Any]) -> None:
    title, body = reporter_words(entry.deed, detail)
    message = InboxMessage(
        person_id=person_id,
        entry_id=entry.id,
        title=title,
        body=body,
        subject_kind=KIND,
        subject_id=subject_id,
        created_at=entry.at,
    )
    await InboxMessage.bulk_create([message], ignore_conflicts=True)
