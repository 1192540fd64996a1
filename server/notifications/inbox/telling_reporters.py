"""Telling reporters: messages belong to the report, so no row joins them to a person. All functions are repeatable."""

from typing import Any

from models import JournalEntry, Observation, Photo, ReportMessage
from server import reporters, templates
from server.notifications.inbox.telling import LONGEST
from server.notifications.inbox.wording import TO_REPORTER, pointer_words


async def tell_reporter(entry: JournalEntry) -> None:
    """Tell the reporter of an observation what happened to it."""
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
    await _tell(entry, observation, detail=detail)


async def tell_reporters_of_item(entry: JournalEntry) -> None:
    """Tell everybody who reported a problem how it ended, without naming anybody."""
    for observation in await Observation.filter(ledger_item_id=entry.subject_id).select_related(
        "ledger_item"
    ):
        item = observation.ledger_item
        await _tell(entry, observation, detail={"number": item.number_text if item else ""})


async def tell_of_photo(entry: JournalEntry, photo: Photo) -> None:
    """Tell a reporter that a photo of their report can't be opened."""
    observation = await Observation.get_or_none(client_id=entry.detail["about_id"])
    if observation:
        await _tell(entry, observation, detail={"why": photo.refused_because})


async def _tell(entry: JournalEntry, observation: Observation, *, detail: dict[str, Any]) -> None:
    """Add the message to the report, unless its reporter is no longer known."""
    if await reporters.reporter_of(observation.id) is None:
        return
    if entry.event in TO_REPORTER:
        title, body = await templates.worded(TO_REPORTER[entry.event], detail)
    else:
        title, body = pointer_words(entry.event, detail)
    message = ReportMessage(
        observation_id=observation.id,
        entry_id=entry.id,
        title=title,
        body=body[:LONGEST],
        created_at=entry.at,
    )
    await ReportMessage.bulk_create([message], ignore_conflicts=True)
