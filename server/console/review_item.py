"""One report as the review page shows it: all that a reviewer weighs, and nothing of who sent it."""

from dataclasses import dataclass
from datetime import datetime

from models import Observation, ObservationRevision, Reason
from models.vocabulary import ObservationState as S
from models.vocabulary import ReasonUse
from server import observations, people, photos
from server.console.choices import TaskChoice, named_task
from server.console.picturing import Picture, picture_of
from server.console.telling_deeds import Told, tell
from server.console.words import time_left
from server.observations import Likeness
from server.people import Visitor

OPEN = (S.WAITING_MEDIA, S.RECEIVED, S.MORE_ASKED)


@dataclass(frozen=True)
class Item:
    """A report with everything beside it."""

    observation: Observation
    pictures: list[Picture]
    announced: int
    left: str
    colour: str
    track_record: str
    earlier: list[ObservationRevision]
    history: list[Told]
    is_open: bool
    alike: list[Likeness]
    decline_asked_by: str
    title: str
    task: TaskChoice | None
    ask_reasons: list[Reason]
    decline_reasons: list[Reason]

    @property
    def here(self) -> int:
        return sum(1 for picture in self.pictures if picture.words != NOT_HERE)


NOT_HERE = "还没有送达"


async def item_of(observation: Observation, *, by: Visitor, now: datetime) -> Item:
    """Everything the page shows of one report."""
    pictures = [
        picture_of(photo, subject_id=observation.id) for photo in await photos.photos_of(observation.id)
    ]
    missing = await photos.missing(observation.id)
    pictures += [Picture([], NOT_HERE) for _ in missing]
    left, colour = time_left(observation.promised_on, now)
    return Item(
        observation=observation,
        pictures=pictures,
        announced=len(pictures),
        left=left,
        colour=colour,
        track_record=await observations.track_record(observation),
        earlier=await observations.earlier_versions(observation),
        history=await tell(await observations.history(observation)),
        is_open=observation.state in OPEN,
        alike=await observations.alike(observation, by=by) if observation.state in OPEN else [],
        decline_asked_by=await _proposer(observation),
        title=observations.proposed_title(observation.text),
        task=named_task(observation),
        ask_reasons=await observations.reasons(ReasonUse.ASK_MORE),
        decline_reasons=await observations.reasons(ReasonUse.DECLINE),
    )


async def _proposer(observation: Observation) -> str:
    """Who proposed to decline a report that two must decline; empty if nobody did."""
    proposer = observation.decline_asked_by_id
    return (await people.designations_of([proposer])).get(proposer, "") if proposer else ""
