"""Taking in (归集): a problem gets its bank's next number and is linked to its sources."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct

from models import Organisation, Problem, ProblemSource
from models.vocabulary import ProblemSourceKind as K
from models.vocabulary import ProblemState
from server import journal, ledger, observations
from server.cases.opening import check_own_words
from server.kernel.clock import business_date
from server.kernel.numbering import next_number, number_text
from server.kernel.places import Position, to_wgs84
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.observations.submitting import check_task
from server.people import Actor, Permission
from server.problems.banks import LEVELS
from server.problems.refusals import AlreadyTakenIn, NoSuchSource, NotYourBank

SERIES = "问题"
OURS = (K.OBSERVATION, K.LEDGER_ITEM, K.CHECKLIST_ANSWER)  # kinds that have a page to link to


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a problem comes from: a record of ours by its id, or a meeting, a study or a sheet by its name."""

    kind: K
    source_id: UUID | None = None
    words: Annotated[str, Meta(max_length=200)] = ""


BY_HAND = Source(K.BY_HAND)


class NewProblem(Struct, frozen=True):
    """A problem as a bank writes it down, in its own words."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    summary: Annotated[str, Meta(max_length=2000)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""
    task_id: UUID | None = None


@unit_of_work
async def take_in(
    new: NewProblem,
    *,
    by: Actor,
    now: datetime,
    sources: Sequence[Source] = (BY_HAND,),
    at: Position | None = None,
    bank_id: UUID | None = None,
    fetched: Collection[UUID] = (),
) -> Problem:
    """Take a problem into the actor's own bank, or into `bank_id` if they keep several.

    `fetched` are ids of sources that the caller has already fetched for this actor. Raises NotYourBank,
    NoSuchSource (missing and foreign alike), ReportersWords, NoSuchTask, AlreadyTakenIn naming the number.
    """
    bank = await bank_kept_by(by, bank_id)
    await check_task(new.task_id)
    for source in sources:
        if source.source_id not in fetched:
            await _check_seen(source, new, by=by)
        await _check_new(source, bank)
    year, here = business_date(now).year, to_wgs84(at) if at else None
    number = await next_number(bank.id, series=SERIES, year=year)
    problem = await Problem.create(
        id=uuid4(),
        origin=bank,
        bank=bank,
        level=LEVELS[bank.kind],
        series=SERIES,
        year=year,
        number=number,
        number_text=number_text(f"{bank.short_name}-{SERIES}", year, number),
        state=ProblemState.COLLECTED,
        title=new.title,
        summary=new.summary,
        place_name=new.place_name,
        wgs_latitude=here.latitude if here else None,
        wgs_longitude=here.longitude if here else None,
        task_id=new.task_id,
        collected_by=by.person,
        collected_at=now,
        touched_at=now,
    )
    await ProblemSource.bulk_create(
        ProblemSource(problem_id=problem.id, kind=one.kind, source_id=one.source_id, words=one.words)
        for one in sources
    )
    await journal.record("problem.collected", problem, by=by.person, number=problem.number_text)
    return problem


async def bank_kept_by(actor: Actor, bank_id: UUID | None) -> Organisation:
    """Return the bank that an actor keeps; raises NotYourBank."""
    kept = [
        reach.organisation_id for reach in actor.reaches(Permission.KEEP_PROBLEMS) if reach.organisation_id
    ]
    if not kept or (bank_id and bank_id not in kept):
        raise NotYourBank
    return await Organisation.get(id=bank_id or kept[0])


async def _check_seen(source: Source, new: NewProblem, *, by: Actor) -> None:
    """Check that the actor may see a linked source, and that a source without a page has a name."""
    has_name = source.kind is K.BY_HAND or bool(source.words.strip())
    if source.source_id is None and source.kind not in OURS and has_name:
        return
    try:
        match source.kind, source.source_id:
            case K.OBSERVATION, UUID() as report_id:
                report = await observations.observation_reviewed_by(by, report_id)
                check_own_words(new.summary, report.text)
            case K.LEDGER_ITEM, UUID() as item_id:
                await ledger.item_seen_by(by, item_id)
            case _:
                raise NoSuchSource
    except NoSuchThing as error:
        raise NoSuchSource from error


async def _check_new(source: Source, bank: Organisation) -> None:
    if source.source_id is None:
        return
    same = ProblemSource.filter(kind=source.kind, source_id=source.source_id, problem__origin_id=bank.id)
    earlier = await same.exclude(problem__state=ProblemState.MERGED).select_related("problem").first()
    if earlier:
        number = earlier.problem.number_text
        raise AlreadyTakenIn(f"这个来源已经归集为{number}。", number=number)
