"""The status of a report in words for citizens, up to the end of the matter (SUB-15). Pure."""

from datetime import datetime

from models import LedgerItem, Observation
from models.vocabulary import LedgerState as L
from models.vocabulary import ObservationState as S

Steps = list[tuple[str, datetime | None, bool]]
WORKED_ON = (L.IN_PROGRESS, L.CLOSING, L.RETAINED, L.CLOSED)


def status_words(observation: Observation, *, missing: int) -> str:
    """Return one sentence that says what happened and what comes next."""
    match observation.state:
        case S.WAITING_MEDIA:
            return f"文字已收到，还有{missing}张照片没有送达，联网后会自动续传。"
        case S.RECEIVED:
            return f"已收到，正在审核，{observation.promise_words}答复您。"
        case S.MORE_ASKED:
            return "请您补充内容，补充后会继续审核。"
        case S.REGISTERED:
            return _item_words(observation.ledger_item)
        case S.DECLINED:
            return "这次没有采纳，原因见下方说明。"
        case _:
            return "您已撤回这份上报。"


def steps(observation: Observation) -> Steps:
    """Return the steps of a report: those done, with their times, and those still ahead."""
    received = observation.state is not S.WAITING_MEDIA
    begun: Steps = [
        ("已收到", observation.received_at, True),
        ("照片已送达", None, received),
        ("审核中", None, received and observation.state is not S.WITHDRAWN),
    ]
    ending = {S.DECLINED: "未采纳", S.WITHDRAWN: "已撤回"}.get(observation.state)
    if ending:
        return [*begun, (ending, observation.decided_at, True)]
    registered = observation.state is S.REGISTERED
    begun.append(("已挂号", observation.decided_at if registered else None, registered))
    return begun + _item_steps(observation.ledger_item)


def _item_words(item: LedgerItem | None) -> str:
    if item is None:
        return "已挂号，将交有关单位办理。"
    number, unit = item.number_text, item.lead_unit.short_name if item.lead_unit else "有关单位"
    match item.state:
        case L.REGISTERED:
            return f"已挂号，编号{number}，将交有关单位办理。"
        case L.DISPATCHED:
            return f"编号{number}，已交{unit}，等待签收。"
        case L.RETAINED:
            return f"编号{number}，需要较长时间，{unit}会接着办。"
        case L.CLOSED:
            return f"编号{number}，{unit}已经办完。"
        case L.MERGED:
            return f"编号{number}，已和同一件事合在一起办理。"
        case L.VOIDED:
            return f"编号{number}已作废，如果情况还在，请重新上报。"
        case _:
            return f"编号{number}，{unit}正在办理。"


def _item_steps(item: LedgerItem | None) -> Steps:
    if item is None:
        return [("交单位办理", None, False), ("已办完", None, False)]
    if item.state in (L.MERGED, L.VOIDED):
        return [(item.state.label, None, True)]
    unit = item.lead_unit.short_name if item.lead_unit else "单位"
    return [
        (f"交{unit}办理", item.dispatched_at, item.state is not L.REGISTERED),
        ("正在办理", item.acknowledged_at, item.state in WORKED_ON),
        ("已办完", item.closed_at if item.state is L.CLOSED else None, item.state is L.CLOSED),
    ]
