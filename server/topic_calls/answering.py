"""Answering: a unit's answer to a call meets what it owes; a late one is late."""

from datetime import datetime
from uuid import UUID

from models import Obligation, TopicAnswer
from models.vocabulary import ProofKind
from server import journal, obligations
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.obligations import Made, Making
from server.people import Actor
from server.topic_calls.commands import AnswerCall
from server.topic_calls.reading import call_seen_by
from server.topic_calls.refusals import NotAsked

ANSWER = "topic_answer"


@obligations.makes(ProofKind.TOPIC_ANSWER)
async def make_answer(making: Making) -> Made:
    """Make the answer that an obligation's proof stands for."""
    if making.about_id is None:
        raise NoSuchThing
    answer = await TopicAnswer.create(
        call_id=making.about_id,
        organisation_id=making.organisation_id,
        title=making.title,
        answered_by=making.by,
        answered_at=making.now,
    )
    return Made(ANSWER, answer.id)


@unit_of_work
async def answer_call(call_id: UUID, command: AnswerCall, *, by: Actor, now: datetime) -> TopicAnswer:
    """Answer a call for one's own unit. Raises NoSuchThing, NotAsked."""
    homes = obligations.hands_in_for(by)
    call = await call_seen_by(by, call_id)
    owed = await Obligation.filter(about_id=call.id, organisation_id__in=homes).order_by("id").first()
    if owed is None:
        raise NotAsked
    answer = await TopicAnswer.create(
        call=call,
        organisation_id=owed.organisation_id,
        title=command.title,
        text=command.text,
        link=command.link or "",
        answered_by=by.person,
        answered_at=now,
    )
    await obligations.prove(
        ProofKind.TOPIC_ANSWER,
        organisation_id=owed.organisation_id,
        counts_on=min(business_date(now), owed.due_on),
        made=Made(ANSWER, answer.id),
        title=command.title,
        by=by,
        now=now,
        about_id=call.id,
    )
    await journal.record("topic_answer.given", answer, by=by.person, title=answer.title, call=call.title)
    return answer
