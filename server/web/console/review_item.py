"""One report as the review page shows it: all that the decision needs, and nothing about who sent it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Observation, ObservationRevision, Organisation, Reason, ThreadMessage
from models.vocabulary import ReasonUse
from server import cases, moderation, observations, people, photos, policies, reporters
from server.cases import Audience, Choice
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.moderation import Standing
from server.notifications.inbox import Told, tell
from server.observations import DuplicateCandidate
from server.packs import Category
from server.people import Actor
from server.web.console.choices import TaskChoice, named_task
from server.web.console.picturing import Picture, picture_of
from server.web.console.words import promise_left


@dataclass(frozen=True)
class Item:
    """A report with everything related to it."""

    observation: Observation
    pictures: list[Picture]
    announced: int
    left: str
    colour: str
    track_record: str
    names: list[str]  # of a reporter who chose to be named
    earlier: list[ObservationRevision]
    history: list[Told]
    is_open: bool
    alike: list[DuplicateCandidate]
    decline_asked_by: str
    holder: str  # the other person who is reviewing it, and until when
    held_until: datetime | None
    is_mine: bool
    thread: list[ThreadMessage]
    offices: list[Organisation]  # the offices it can be handed over to
    title: str
    task: TaskChoice | None
    categories: tuple[Category, ...]
    category_label: str
    ask_reasons: list[Reason]
    decline_reasons: list[Reason]
    contents: list[Standing]
    choices: list[Choice]  # the photos that its unit may be shown
    audience: Audience
    is_own: bool  # the reader sent it themselves and decides nothing about it

    @property
    def here(self) -> int:
        return sum(1 for picture in self.pictures if picture.words != NOT_HERE)


NOT_HERE = "还没有送达"


async def item_of(observation: Observation, *, by: Actor, now: datetime) -> Item:
    """Return everything the page shows of one report."""
    pictures = [
        picture_of(photo, subject_id=observation.id) for photo in await photos.photos_of(observation.id)
    ]
    missing = await photos.missing(observation.id)
    pictures += [Picture([], NOT_HERE) for _ in missing]
    left, colour = promise_left(observation.promised_on, today=business_date(now), calendar=await calendar())
    is_open = observation.state in observations.OPEN
    categories = (await policies.in_force()).categories
    category = categories.named(observation.category)
    holder = observations.in_other_hands(observation, of=by, now=now)
    return Item(
        observation=observation,
        pictures=pictures,
        announced=len(pictures),
        left=left,
        colour=colour,
        track_record=await observations.track_record(observation),
        names=await observations.names_shown([observation]),
        earlier=await observations.earlier_versions(observation),
        history=await tell(await observations.history(observation)),
        is_open=is_open,
        alike=await observations.find_duplicates(observation, by=by) if is_open else [],
        decline_asked_by=await _designation(observation.decline_asked_by_id),
        holder=await _designation(holder),
        held_until=observation.claimed_until,
        is_mine=observation.claimed_by_id == by.person.id and holder is None,
        thread=await observations.thread_of(observation),
        offices=await observations.offices_beside(observation) if is_open else [],
        title=observations.proposed_title(observation.text),
        task=named_task(observation),
        categories=tuple(one for one in categories.all if one.is_on or one.code == observation.category),
        category_label=category.label if category else "",
        ask_reasons=await observations.reasons(ReasonUse.ASK_MORE),
        decline_reasons=await observations.reasons(ReasonUse.DECLINE),
        contents=await moderation.of(observation),
        choices=await cases.choices_of(observation) if is_open else [],
        audience=await cases.audience_of([observation] if is_open else [], now=now),
        is_own=await reporters.sent_by(by.person.id, observation.id),
    )


async def _designation(person_id: UUID | None) -> str:
    """Return what a person is called; empty for nobody."""
    return (await people.designations_of([person_id])).get(person_id, "") if person_id else ""
