"""A reporter's track record, as a band that helps to weigh a report and tells nobody who sent it."""

from models import Observation
from models.vocabulary import Anonymity
from models.vocabulary import ObservationState as S

ENOUGH = 5  # decided reports, below which a share says nothing


async def track_record(observation: Observation) -> str:
    """How the earlier reports of the same reporter fared, in words; a sealed reporter has none to show."""
    if observation.anonymity is Anonymity.SEALED:
        return "密封身份，不显示以往记录"
    earlier = Observation.filter(
        reporter_id=observation.reporter_id, received_at__lt=observation.received_at
    ).exclude(state=S.WITHDRAWN)
    sent = await earlier.count()
    taken = await earlier.filter(state=S.REGISTERED).count()
    declined = await earlier.filter(state=S.DECLINED).count()
    return band(sent=sent, taken=taken, declined=declined)


def band(*, sent: int, taken: int, declined: int) -> str:
    """A record as a band: exact numbers could be matched with what a person says of himself. Pure."""
    if sent == 0:
        return "首次上报"
    count = "不到5条" if sent < 5 else "5条以上" if sent < 20 else "20条以上"
    decided = taken + declined
    if decided < ENOUGH:
        return f"此前上报{count}"
    share = taken / decided
    fate = "多数采纳" if share >= 2 / 3 else "约半数采纳" if share >= 1 / 3 else "少数采纳"
    return f"此前上报{count}，{fate}"
