"""Publishing: what appeared, with source and link; a piece about a person needs a recorded consent (M20 AT2)."""

from datetime import datetime

from models import MediaItem
from server import journal
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, NotAllowed, Permission
from server.topic_calls.commands import EnterMedia
from server.topic_calls.reading import answer_seen_by
from server.topic_calls.refusals import ConsentMissing, PublishedInFuture


@unit_of_work
async def enter_media(command: EnterMedia, *, by: Actor, now: datetime) -> MediaItem:
    """Enter something published. Raises NotAllowed, ConsentMissing, PublishedInFuture, NoSuchThing for the answer."""
    homes = [one.organisation_id for one in by.reaches(Permission.CALL_TOPICS) if one.organisation_id]
    if not homes:
        raise NotAllowed
    if command.is_about_person and not command.consent.strip():
        raise ConsentMissing
    if command.published_on > business_date(now):
        raise PublishedInFuture
    if command.answer_id:
        await answer_seen_by(by, command.answer_id)
    item = await MediaItem.create(
        organisation_id=homes[0],
        answer_id=command.answer_id,
        kind=command.kind,
        title=command.title,
        source=command.source,
        link=command.link,
        published_on=command.published_on,
        is_about_person=command.is_about_person,
        consent=command.consent,
        entered_by=by.person,
        entered_at=now,
    )
    await journal.record("media_item.entered", item, by=by.person, title=item.title, source=item.source)
    return item
