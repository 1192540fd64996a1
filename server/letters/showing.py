"""Shows the photos of replies, marked with the number of the letter's item."""

from collections.abc import Collection
from uuid import UUID

from models import LedgerItem, Letter, LetterReply, Photo, Rendition
from server import photos
from server.kernel.refusal import NoSuchThing
from server.letters.answering import SUBJECT
from server.letters.reading import letter_seen_by
from server.people import Actor


@photos.describes(SUBJECT)
async def describe(reply_id: UUID) -> photos.Subject | None:
    """Return what marks the photos of a reply: the place and the number of the item."""
    reply = await LetterReply.filter(id=reply_id).select_related("letter__item").first()
    if reply is None:
        return None
    item = reply.letter.item
    return photos.Subject(
        id=reply_id, kind="letter", told_as=reply.letter_id, place=item.place_name, task=item.number_text
    )


@photos.tells_senders(SUBJECT)
async def authors(reply_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return who wrote each reply: they send its photos."""
    return {one.id: one.by_id for one in await LetterReply.filter(id__in=list(reply_ids))}


@photos.rendered_after("ledger_item.letter_replied")
async def reply_photos(item_id: UUID) -> list[Photo]:
    """Return all arrived photos of the replies to an item's letters."""
    replies = await LetterReply.filter(letter__item_id=item_id)
    found = await photos.photos_of_each([one.id for one in replies])
    return [photo for of_reply in found.values() for photo in of_reply]


async def pictures_of(reply: LetterReply) -> list[Photo]:
    """Return the photos of a reply in order, with their renditions."""
    return await photos.photos_of(reply.id)


async def picture_seen_by(actor: Actor, rendition_id: UUID) -> Rendition:
    """Return a rendition of a reply's photo, if the actor may see its letter; raises NoSuchThing."""
    rendition = await Rendition.get_or_none(id=rendition_id, withdrawn_at=None)
    reply = await LetterReply.get_or_none(id=rendition.subject_id) if rendition else None
    if rendition is None or reply is None:
        raise NoSuchThing
    await letter_seen_by(actor, reply.letter_id)
    return rendition


async def warning_of(letter: Letter) -> str:
    """Return what to know before an unsigned letter is signed: that its item has changed since it was drafted."""
    if letter.number is not None or not letter.item_version:
        return ""
    item = await LedgerItem.get(id=letter.item_id)
    if item.version == letter.item_version:
        return ""
    gone = "，并已转给其他单位" if letter.unit_id and letter.unit_id != item.lead_unit_id else ""
    return f"起草以后这件事有了新的办理记录（现在{item.state.label}，进度{item.percent}%）{gone}，函中的情况可能不准。"
