"""The question to a reporter after close-out, with two pictures to compare: the reporter's and the unit's."""

from datetime import date

from msgspec import Struct
from sanic import Request

from models import LedgerItem, Observation, Photo, Recheck
from models.vocabulary import RecheckAnswer
from server import ledger
from server import photos as pictures
from server.kernel.clock import business_date
from server.web.door.admission import tools_of
from server.web.door.operations import actor_of
from server.web.door.photo_links import photo_links
from server.web.miniapp.cards import PhotoCard, PhotoLink

WEEKDAYS = "一二三四五六日"


class RecheckAsked(Struct):
    """Whether the matter is solved on the spot; `before` and `after` are one picture each, in several sizes.

    `text` and `photos` are the reporter's answer.
    """

    until_on: date
    answer: RecheckAnswer | None
    is_open: bool
    words: str
    unit: str
    before: list[PhotoLink]
    after: list[PhotoLink]
    text: str
    photos: list[PhotoCard]


async def recheck_asked(
    request: Request, observation: Observation, photos: list[Photo]
) -> RecheckAsked | None:
    """Return what the reporter is asked about this report, whose photos must be loaded; None if nothing."""
    asked = await ledger.recheck_of(observation.id)
    if asked is None:
        return None
    today = business_date(tools_of(request).clock.now())
    person = actor_of(request).person
    own = [photo_links(request, photo, subject_id=observation.id, to=person) for photo in photos]
    item: LedgerItem = asked.item
    return RecheckAsked(
        until_on=asked.until_on,
        answer=asked.answer,
        is_open=ledger.recheck_is_open(asked, on=today),
        words=recheck_words(asked, on=today),
        unit=item.lead_unit.short_name if item.lead_unit else "",
        before=[PhotoLink(*link) for link in next(filter(None, own), [])],
        after=await _after(request, item),
        text=asked.text,
        photos=await _own_photos(request, asked),
    )


async def _own_photos(request: Request, asked: Recheck) -> list[PhotoCard]:
    person = actor_of(request).person
    here = [
        PhotoCard(
            one.sha256,
            one.state,
            one.refused_because or one.state.label,
            [PhotoLink(*link) for link in photo_links(request, one, subject_id=asked.id, to=person)],
        )
        for one in await pictures.photos_of(asked.id)
    ]
    return here + [PhotoCard(one, None, "还没有送达", []) for one in await pictures.missing(asked.id)]


def recheck_words(asked: Recheck, *, on: date) -> str:
    """Return what happened and what the reporter can do about it, in words."""
    if asked.answer is RecheckAnswer.SOLVED:
        return "您看过了：解决了。谢谢您的确认。"
    if asked.answer is RecheckAnswer.UNSOLVED:
        return "您看过了：没解决。改革办正在复核，结果会在这里告诉您。"
    day = asked.until_on
    told = f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"
    if on > day:
        return f"回访已在{told}截止。如果问题又出现，请重新拍照上报。"
    return f"您反映的问题已经整改，请您到现场看一眼，{told}前告诉我们就行。"


async def _after(request: Request, item: LedgerItem) -> list[PhotoLink]:
    solution = await ledger.solution_of(item)
    if solution is None:
        return []
    subject_id, photos = solution
    person = actor_of(request).person
    shown = [photo_links(request, photo, subject_id=subject_id, to=person) for photo in photos]
    return [PhotoLink(*link) for link in next(filter(None, shown), [])]
