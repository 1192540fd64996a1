"""Choosing the photos of a report that its unit may see, and why the others can't be shown."""

from dataclasses import dataclass

from models import Observation, Photo
from models.vocabulary import PhotoState
from server import moderation, photos


@dataclass(frozen=True)
class Choice:
    """A photo that the office may release to a unit, now or later; `boxes` is the number of areas blacked out in it."""

    photo: Photo
    is_free: bool
    boxes: int

    @property
    def words(self) -> str:
        """Return whether it may be released, and how much is blacked out in it."""
        if not self.is_free:
            return "内容安全检查通过后可选"
        return f"已遮挡{self.boxes}处" if self.boxes else "没有遮挡"


async def choices_of(report: Observation) -> list[Choice]:
    """Return the photos of a report that can be shown, in the report's order."""
    shown = [one for one in await photos.photos_of(report.id) if one.state is PhotoState.SHOWN]
    free = await moderation.visible_photos(shown) if shown else set()
    return [Choice(one, one.id in free, len(await photos.boxes_of(one))) for one in shown]
