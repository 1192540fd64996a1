"""What the holder of a capability may do: write to the office, say whether the problem is solved, withdraw."""

from datetime import datetime, timedelta

from models import Observation, Recheck, SealedAccess, SealedArrival, ThreadMessage
from models.vocabulary import ObservationState as S
from models.vocabulary import RecheckAnswer
from server import journal, ledger
from server.kernel.unit_of_work import unit_of_work
from server.observations.reading import OPEN
from server.observations.refusals import NotAmendable
from server.observations.talking import note_answer
from server.sealed.commands import hour_of
from server.sealed.reading import observation_behind
from server.sealed.refusals import NotEnteredYet

TAKEN_BACK = "（已撤回）"
A_MOMENT = timedelta(microseconds=1)  # keeps messages in order and reveals nothing


@unit_of_work
async def say(access: SealedAccess, *, text: str, now: datetime) -> ThreadMessage:
    """Add a reporter's message, dated by the hour; raises NotEnteredYet, NotAmendable after a withdrawal."""
    observation = await _entered(access)
    if observation.state is S.WITHDRAWN:
        raise NotAmendable
    last = await ThreadMessage.filter(observation_id=observation.id).order_by("-sent_at").first()
    hour = hour_of(now)
    at = max(hour, last.sent_at + A_MOMENT) if last else hour
    message = await ThreadMessage.create(
        observation_id=observation.id, from_office=False, by=None, text=text, sent_at=at
    )
    await note_answer(observation, at=at)
    return message


async def answer_recheck(access: SealedAccess, *, answer: RecheckAnswer, text: str, now: datetime) -> Recheck:
    """Record whether the problem is solved on site; raises NotEnteredYet, RecheckOver."""
    observation = await _entered(access)
    return await ledger.answer_recheck(observation.id, answer=answer, text=text, now=now)


@unit_of_work
async def withdraw(access: SealedAccess, *, now: datetime) -> Observation:
    """Withdraw the report and its words before the office has decided; withdrawing again changes nothing."""
    observation = await observation_behind(access)
    if observation.state is S.WITHDRAWN:
        return observation
    if observation.state not in OPEN:
        raise NotAmendable
    observation.state, observation.text, observation.body = S.WITHDRAWN, TAKEN_BACK, {}
    observation.body_digest = ""
    observation.decided_at = hour_of(now)
    arrival = await SealedArrival.filter(observation_id=observation.id).select_for_update().first()
    if arrival:
        gone = {"state": S.WITHDRAWN.value, "text": TAKEN_BACK, "body": {}, "body_digest": ""}
        arrival.columns = arrival.columns | gone | {"decided_at": observation.decided_at.isoformat()}
        await arrival.save(update_fields=["columns"])
        return observation
    await observation.save()
    await journal.record("observation.withdrawn", observation, by=None)
    return observation


async def _entered(access: SealedAccess) -> Observation:
    observation = await Observation.get_or_none(id=access.observation_id)
    if observation is None:
        raise NotEnteredYet
    return observation
