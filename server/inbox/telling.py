"""Telling people: one inbox row for each event that concerns them, however often it is asked for."""

from typing import Any

from models import InboxMessage, JournalEntry, LedgerItem, Observation, Photo
from server import reporters, templates
from server.inbox.wording import TO_COMMISSIONER, TO_REPORTER, pointer_words

OBSERVATION = "observation"
LONGEST = 300  # what an inbox row holds


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
    await _tell_reporter_of(observation, entry, detail=detail)


async def tell_owner_of_photo(entry: JournalEntry) -> None:
    """Tell whoever sent a photo that it can't be opened; safe to repeat."""
    photo = await Photo.get_or_none(id=entry.subject_id)
    if photo is None:
        return
    await _tell(
        entry,
        person_id=photo.owner_id,
        subject_kind=entry.detail["about_kind"],
        subject_id=entry.detail["about_id"],
        detail={"why": photo.refused_because},
    )


async def tell_reporters_of_item(entry: JournalEntry) -> None:
    """Tell everybody who reported a matter what became of it, without naming anybody; safe to repeat."""
    for observation in await Observation.filter(ledger_item_id=entry.subject_id).select_related(
        "ledger_item"
    ):
        item = observation.ledger_item
        detail = {"number": item.number_text if item else ""}
        await _tell_reporter_of(observation, entry, detail=detail)


async def _tell_reporter_of(observation: Observation, entry: JournalEntry, *, detail: dict[str, Any]) -> None:
    """Nobody is told where nothing tells who it was any more."""
    reporter = await reporters.reporter_of(observation.id)
    if reporter:
        await _tell(entry, person_id=reporter, subject_id=observation.client_id, detail=detail)


async def tell_commissioner(entry: JournalEntry) -> None:
    """Tell who answers for an item what is wanted of him; safe to repeat."""
    item = await LedgerItem.filter(id=entry.subject_id).select_related("lead_unit").first()
    if item is None or item.commissioner_id is None:
        return
    facts = {"unit": item.lead_unit.short_name if item.lead_unit else ""} | entry.detail
    facts |= {"number": item.number_text, "title": item.title}
    title, body = await templates.worded(TO_COMMISSIONER[entry.deed], facts)
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


async def _tell(
    entry: JournalEntry,
    *,
    person_id: Any,
    subject_id: Any,
    detail: dict[str, Any],
    subject_kind: str = OBSERVATION,
) -> None:
    if person_id is None:  # a sealed report: its reporter looks for himself
        return
    if entry.deed in TO_REPORTER:
        title, body = await templates.worded(TO_REPORTER[entry.deed], detail)
    else:
        title, body = pointer_words(entry.deed, detail)
    message = InboxMessage(
        person_id=person_id,
        entry_id=entry.id,
        title=title,
        body=body[:LONGEST],
        subject_kind=subject_kind,
        subject_id=subject_id,
        created_at=entry.at,
    )
    await InboxMessage.bulk_create([message], ignore_conflicts=True)
