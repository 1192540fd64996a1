"""A report's status in a citizen's words (SUB-15). Pure."""

from datetime import datetime

from models import Observation
from models.vocabulary import ObservationState as S

Steps = list[tuple[str, datetime | None, bool]]


def status_words(observation: Observation, *, missing: int) -> str:
    """One sentence: what happened and what comes next."""
    number = observation.ledger_item.number_text if observation.ledger_item else ""
    match observation.state:
        case S.WAITING_MEDIA:
            return f"文字已收到,还有{missing}张照片没有送达,联网后会自动续传。"
        case S.RECEIVED:
            return f"已收到,正在审核,{observation.promise_words}答复您。"
        case S.MORE_ASKED:
            return "请您补充内容,补充后会继续审核。"
        case S.REGISTERED:
            return f"已挂号,编号{number},将交有关单位办理。"
        case S.DECLINED:
            return "这次没有采纳,原因见下方说明。"
        case _:
            return "您已撤回这份上报。"


def steps(observation: Observation) -> Steps:
    """The way of a report: what is done with its time, and what is still ahead."""
    received = observation.state is not S.WAITING_MEDIA
    decided = observation.state in (S.REGISTERED, S.DECLINED)
    ending = {S.DECLINED: "未采纳", S.WITHDRAWN: "已撤回"}.get(observation.state, "已挂号")
    return [
        ("已收到", observation.received_at, True),
        ("照片已送达", None, received),
        ("审核中", None, received and observation.state is not S.WITHDRAWN),
        (ending, observation.decided_at, decided or observation.state is S.WITHDRAWN),
    ]
