"""A reporter's track record, as a band that helps to weigh a report without identifying its sender."""

from uuid import UUID

from models import Observation
from models.vocabulary import ObservationState as S
from server import reporters
from server.observations.tiers import TIERS

ENOUGH = 5  # decided reports; with fewer, a share says nothing


async def track_record(observation: Observation) -> str:
    """Describe the outcome of the reporter's earlier reports; a sealed or forgotten reporter has none to show."""
    if not TIERS[observation.anonymity].record_shown:
        return "密封身份，不显示以往记录"
    reporter = await reporters.reporter_of(observation.id)
    if reporter is None:
        return "不显示以往记录"
    place = {one: number for number, one in enumerate(await reporters.mine(reporter))}
    found = (
        await Observation.filter(id__in=list(place))
        .exclude(state=S.WITHDRAWN)
        .only("id", "received_at", "state")
    )
    here = (observation.received_at, place[observation.id])
    fates = [one.state for one in found if (one.received_at, place[one.id]) < here]
    return band(sent=len(fates), taken=fates.count(S.REGISTERED), declined=fates.count(S.DECLINED))


async def own_thanks(person_id: UUID) -> str:
    """Thank a person for their reports, with how many were accepted (REV-07); empty before the first."""
    mine = Observation.filter(id__in=await reporters.mine(person_id)).exclude(state=S.WITHDRAWN)
    fates = [one.state for one in await mine.only("id", "state")]
    return thanks(sent=len(fates), taken=fates.count(S.REGISTERED), declined=fates.count(S.DECLINED))


def thanks(*, sent: int, taken: int, declined: int) -> str:
    """Return the thanks in words; a share is told once it says something. Pure."""
    if not sent:
        return ""
    if not taken:
        return f"您上报了{sent}条，谢谢您关心改革。"
    decided = taken + declined
    share = f"，采纳率{round(100 * taken / decided)}%" if decided >= ENOUGH else ""
    return f"您上报了{sent}条，已采纳{taken}条{share}。谢谢您！"


def band(*, sent: int, taken: int, declined: int) -> str:
    """Return a record as a band, since exact numbers could be matched with what people say of themselves. Pure."""
    if sent == 0:
        return "首次上报"
    count = "不到5条" if sent < 5 else "5条以上" if sent < 20 else "20条以上"
    decided = taken + declined
    if decided < ENOUGH:
        return f"此前上报{count}"
    share = taken / decided
    fate = "多数采纳" if share >= 2 / 3 else "约半数采纳" if share >= 1 / 3 else "少数采纳"
    return f"此前上报{count}，{fate}"
