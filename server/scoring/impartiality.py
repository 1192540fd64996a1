"""Who may decide about a round's lock and result: nobody who judges in it or belongs to a scored unit."""

from datetime import datetime

from models import Duty, Organisation, ScoreJudge, ScoreRound
from server.kernel.clock import business_date
from server.people import Actor
from server.people.duties import holds_on
from server.scoring.refusals import NotImpartial


async def check_impartial(found: ScoreRound, by: Actor, *, now: datetime) -> None:
    """Raise NotImpartial for judges of the round and members of a scored unit."""
    if await ScoreJudge.filter(round_id=found.id, person_id=by.person.id).exists():
        raise NotImpartial
    scored = await Organisation.filter(score_entries__round_id=found.id)
    duties = await Duty.filter(person_id=by.person.id).select_related("organisation")
    own = [
        duty.organisation.path
        for duty in duties
        if duty.organisation and holds_on(business_date(now), since=duty.since_on, until=duty.until_on)
    ]
    if any(path.startswith(unit.path) for path in own for unit in scored):
        raise NotImpartial
