"""Calling: the office sets a topic, and each addressed unit owes one answer from that moment."""

from datetime import datetime
from uuid import UUID

from models import Organisation, TopicCall
from models.vocabulary import ProofKind
from server import journal, obligations
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.obligations import Owed, Span
from server.people import Actor, NotAllowed, Permission
from server.topic_calls.commands import CallTopic
from server.topic_calls.refusals import CallEndsTooSoon, UnitNotThere

SOON_DAYS = 5


@unit_of_work
async def call_topic(command: CallTopic, *, by: Actor, now: datetime) -> TopicCall:
    """Set a topic and open one obligation for each addressed unit. Raises NotAllowed, CallEndsTooSoon, UnitNotThere."""
    office_id, today = _office_of(by), business_date(now)
    if command.due_on < today:
        raise CallEndsTooSoon
    asked = set(command.unit_ids)
    units = await Organisation.filter(id__in=asked, closed_on=None).order_by("path")
    if len(units) < len(asked):
        raise UnitNotThere
    call = await TopicCall.create(
        organisation_id=office_id,
        title=command.title,
        text=command.text,
        due_on=command.due_on,
        called_by=by.person,
        called_at=now,
    )
    owed = Owed(
        rule_code=f"topic_call:{call.id.hex}",
        rule_version=1,
        name=command.title,
        span=Span(today, command.due_on),
        soon_days=SOON_DAYS,
        least=1,
        most=None,
        proofs=(ProofKind.TOPIC_ANSWER,),
        measure=18,
        about_id=call.id,
    )
    count = await obligations.open_for(owed, units, now=now)
    await journal.record("topic_call.called", call, by=by.person, title=call.title, units=count)
    return call


def _office_of(actor: Actor) -> UUID:
    homes = [one.organisation_id for one in actor.reaches(Permission.CALL_TOPICS) if one.organisation_id]
    if not homes:
        raise NotAllowed
    return homes[0]
