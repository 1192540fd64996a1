"""Collecting all that the office holds about one person: as numbers for a page, as lines for a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from models import Observation, Photo, Session, SubscriptionQuota, ThreadMessage
from server import inbox, reporters
from server.clock import business_date
from server.gateways.sealing import KeyRing
from server.people import Visitor
from server.people.profiles import profile_of

Line = tuple[str, datetime | date | None, str, str]  # what it is, when, what it says, what belongs to it


@dataclass(frozen=True)
class Holdings:
    """How much of a person's data is held."""

    reports: int
    photos: int
    messages: int
    devices: int


async def holdings_of(visitor: Visitor, *, now: datetime) -> Holdings:
    """What the office holds of a visitor, counted."""
    me = visitor.person.id
    return Holdings(
        reports=len(await reporters.mine(me)),
        photos=await Photo.filter(subject_id__in=await reporters.mine(me)).count(),
        messages=await inbox.count_of(visitor),
        devices=await Session.filter(person_id=me, revoked_at=None, ends_at__gt=now).count(),
    )


async def lines_of(visitor: Visitor, *, keys: KeyRing) -> list[Line]:
    """Everything the office holds of a visitor: what it is, when, what it says, and what else belongs to it."""
    return [
        *await _who_i_am(visitor, keys=keys),
        *await _reports(visitor),
        *await _said(visitor),
        *await _photos(visitor),
        *await _messages(visitor, keys=keys),
        *await _allowed(visitor),
        *await _devices(visitor),
    ]


async def _who_i_am(visitor: Visitor, *, keys: KeyRing) -> list[Line]:
    own = await profile_of(visitor, keys=keys)
    lines: list[Line] = [
        ("称呼", own.joined_on, visitor.person.designation, "系统内使用的名称，不含真实姓名")
    ]
    if own.nickname:
        lines.append(("昵称", None, own.nickname, "只有您自己看得到"))
    if own.avatar:
        lines.append(("头像", None, "已设置", "只有您自己看得到"))
    if own.agreed_to:
        lines.append(("隐私保护指引", own.agreed_on, f"已同意第{own.agreed_to}版", ""))
    return [*lines, *(("身份", None, duty.role.label, duty.title) for duty in visitor.duties)]


async def _reports(visitor: Visitor) -> Iterable[Line]:
    mine = await reporters.mine(visitor.person.id)
    found = await Observation.filter(id__in=mine).order_by("received_at")
    return [
        ("上报", one.received_at, one.text, f"回执{one.receipt_number}，{one.state.label}，{_where(one)}")
        for one in found
    ]


def _where(one: Observation) -> str:
    if one.latitude is None or one.longitude is None:
        return f"地点：{one.place_name}" if one.place_name else "没有位置"
    return f"地点：{one.place_name}（{one.latitude:.5f}，{one.longitude:.5f}）"


async def _said(visitor: Visitor) -> Iterable[Line]:
    mine = await reporters.mine(visitor.person.id)
    found = await ThreadMessage.filter(observation_id__in=mine, from_office=False).order_by("sent_at")
    return [("留言", one.sent_at, one.text, "") for one in found]


async def _photos(visitor: Visitor) -> Iterable[Line]:
    found = await Photo.filter(subject_id__in=await reporters.mine(visitor.person.id)).order_by("received_at")
    return [("照片", one.received_at, one.sha256, f"{one.kind}，{one.bytes}字节") for one in found]


async def _messages(visitor: Visitor, *, keys: KeyRing) -> Iterable[Line]:
    found = await inbox.all_messages_of(visitor, keys=keys)
    return [("消息", one.created_at, one.title, one.body) for one in found]


async def _allowed(visitor: Visitor) -> Iterable[Line]:
    found = await SubscriptionQuota.filter(person_id=visitor.person.id).order_by("told_on")
    return [("订阅消息", one.told_on, one.outcome.label, f"还可以发{one.credits}条") for one in found]


async def _devices(visitor: Visitor) -> Iterable[Line]:
    found = await Session.filter(person_id=visitor.person.id).order_by("created_at")
    return [("登录", business_date(one.created_at), one.channel.label, one.device) for one in found]
