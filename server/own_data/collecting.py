"""Collecting all that the office holds about one person: as numbers for a page, as lines for a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from models import Observation, Photo, Session, SubscriptionQuota, ThreadMessage
from server import reporters
from server.gateways.sealing import KeyRing
from server.kernel.clock import business_date
from server.notifications import inbox
from server.people import Actor
from server.people.profiles import profile_of

DataRow = tuple[str, datetime | date | None, str, str]  # what it is, when, what it says, what belongs to it


@dataclass(frozen=True)
class Holdings:
    """How much of a person's data is held."""

    reports: int
    photos: int
    messages: int
    devices: int


async def holdings_of(actor: Actor, *, now: datetime) -> Holdings:
    """Return how much data the office holds about an actor."""
    me = actor.person.id
    return Holdings(
        reports=len(await reporters.mine(me)),
        photos=await Photo.filter(subject_id__in=await reporters.mine(me)).count(),
        messages=await inbox.count_of(actor),
        devices=await Session.filter(person_id=me, revoked_at=None, ends_at__gt=now).count(),
    )


async def lines_of(actor: Actor, *, keys: KeyRing) -> list[DataRow]:
    """Return everything the office holds about an actor: what it is, when, what it says, and what belongs to it."""
    return [
        *await _who_i_am(actor, keys=keys),
        *await _reports(actor),
        *await _said(actor),
        *await _photos(actor),
        *await _messages(actor, keys=keys),
        *await _allowed(actor),
        *await _devices(actor),
    ]


async def _who_i_am(actor: Actor, *, keys: KeyRing) -> list[DataRow]:
    own = await profile_of(actor, keys=keys)
    lines: list[DataRow] = [
        ("称呼", own.joined_on, actor.person.designation, "系统内使用的名称，不含真实姓名")
    ]
    if own.nickname:
        lines.append(("昵称", None, own.nickname, "只有您自己看得到"))
    if own.avatar:
        lines.append(("头像", None, "已设置", "只有您自己看得到"))
    if own.agreed_to:
        lines.append(("隐私保护指引", own.agreed_on, f"已同意第{own.agreed_to}版", ""))
    return [*lines, *(("身份", None, duty.role.label, duty.title) for duty in actor.duties)]


async def _reports(actor: Actor) -> Iterable[DataRow]:
    mine = await reporters.mine(actor.person.id)
    found = await Observation.filter(id__in=mine).order_by("received_at")
    return [
        ("上报", one.received_at, one.text, f"回执{one.receipt_number}，{one.state.label}，{_where(one)}")
        for one in found
    ]


def _where(one: Observation) -> str:
    if one.latitude is None or one.longitude is None:
        return f"地点：{one.place_name}" if one.place_name else "没有位置"
    return f"地点：{one.place_name}（{one.latitude:.5f}，{one.longitude:.5f}）"


async def _said(actor: Actor) -> Iterable[DataRow]:
    mine = await reporters.mine(actor.person.id)
    found = await ThreadMessage.filter(observation_id__in=mine, from_office=False).order_by("sent_at")
    return [("留言", one.sent_at, one.text, "") for one in found]


async def _photos(actor: Actor) -> Iterable[DataRow]:
    found = await Photo.filter(subject_id__in=await reporters.mine(actor.person.id)).order_by("received_at")
    return [("照片", one.received_at, one.sha256, f"{one.kind}，{one.bytes}字节") for one in found]


async def _messages(actor: Actor, *, keys: KeyRing) -> Iterable[DataRow]:
    found = await inbox.all_messages_of(actor, keys=keys)
    return [("消息", one.created_at, one.title, one.body) for one in found]


async def _allowed(actor: Actor) -> Iterable[DataRow]:
    found = await SubscriptionQuota.filter(person_id=actor.person.id).order_by("told_on")
    return [("订阅消息", one.told_on, one.outcome.label, f"还可以发{one.credits}条") for one in found]


async def _devices(actor: Actor) -> Iterable[DataRow]:
    found = await Session.filter(person_id=actor.person.id).order_by("created_at")
    return [("登录", business_date(one.created_at), one.channel.label, one.device) for one in found]
