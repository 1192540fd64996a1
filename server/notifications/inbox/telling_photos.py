"""Telling the sender of a photo that it can't be opened."""

from uuid import UUID

from models import InboxMessage, JournalEntry, Photo
from server import photos
from server.notifications.inbox.telling import LONGEST
from server.notifications.inbox.telling_reporters import tell_of_photo
from server.notifications.inbox.wording import pointer_words

OBSERVATION = "observation"


async def tell_owner_of_photo(entry: JournalEntry) -> None:
    """Tell the sender of a photo that it can't be opened; for a report's photo, through the report. Safe to repeat."""
    photo = await Photo.get_or_none(id=entry.subject_id)
    if photo is None:
        return
    if entry.detail["about_kind"] == OBSERVATION:
        await tell_of_photo(entry, photo)
        return
    subject = [(photo.subject_kind, photo.subject_id)] if photo.subject_kind and photo.subject_id else []
    for sender in (await photos.senders_of(subject)).values():
        await _tell(entry, photo, person_id=sender)


async def _tell(entry: JournalEntry, photo: Photo, *, person_id: UUID) -> None:
    title, body = pointer_words(entry.event, {"why": photo.refused_because})
    message = InboxMessage(
        person_id=person_id,
        entry_id=entry.id,
        title=title,
        body=body[:LONGEST],
        subject_kind=entry.detail["about_kind"],
        subject_id=entry.detail["about_id"],
        created_at=entry.at,
    )
    await InboxMessage.bulk_create([message], ignore_conflicts=True)
