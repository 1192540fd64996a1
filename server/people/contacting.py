"""How an official is reached besides the phone: addresses kept sealed, who stands in, and the unionid."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise.expressions import Q

from models import Duty, Person, Substitution
from models.vocabulary import Role
from server import journal
from server.gateways.sealing import KeyRing
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import identities
from server.people.duties import Permission
from server.people.sessions import Actor


class Contacts(Struct, frozen=True, kw_only=True):
    """A work e-mail address and the id of a member in WeCom; empty for none."""

    email: Annotated[str, Meta(max_length=250)] = ""
    wecom: Annotated[str, Meta(max_length=64, pattern=r"^[\w.@-]*$")] = ""


class NewSubstitute(Struct, frozen=True, kw_only=True):
    """Who stands in for a person, from a day to a day; while on leave, only the substitute is reminded."""

    designation: Annotated[str, Meta(min_length=1, max_length=40)]
    since_on: date
    until_on: date | None = None
    is_leave: bool = False


class SubstituteNotFit(Refusal):
    """The substitute can't stand in, or the days don't fit."""

    status = 422
    message_zh = "这样安排代理人不行。"
    hint_zh = "请按提示改正后再保存。"


class MailNotUsable(Refusal):
    """The text is no mail address."""

    status = 422
    message_zh = "电子邮件地址写得不对。"
    hint_zh = "请写成“名字@单位域名”的样子，不要有空格。"


@unit_of_work
async def keep_contacts(person: Person, contacts: Contacts, *, by: Actor, keys: KeyRing) -> None:
    """Store how an official is reached; the journal notes that it changed, not to what. Raises MailNotUsable."""
    by.reaches(Permission.MANAGE_PEOPLE)
    if contacts.email and not _is_mail(contacts.email):
        raise MailNotUsable
    for field in ("email", "wecom"):
        await identities.keep(person.id, field, getattr(contacts, field), keys=keys)
    await journal.record("person.contacts_changed", person, by=by.person)


async def contacts_of(person: Person, *, keys: KeyRing) -> Contacts:
    """Return how an official is reached."""
    email = await identities.told_of(person.id, "email", keys=keys)
    return Contacts(email=email or "", wecom=await identities.told_of(person.id, "wecom", keys=keys) or "")


@unit_of_work
async def arrange_substitute(person: Person, new: NewSubstitute, *, by: Actor) -> None:
    """Let somebody stand in for a person; raises NoSuchThing, SubstituteNotFit."""
    by.reaches(Permission.MANAGE_PEOPLE)
    found = await Person.filter(designation=new.designation, is_active=True).limit(2)
    if len(found) != 1:
        raise SubstituteNotFit(f"没有找到唯一的在职人员“{new.designation}”。")
    if found[0].id == person.id:
        raise SubstituteNotFit("代理人不能是本人。")
    if new.until_on and new.until_on < new.since_on:
        raise SubstituteNotFit("结束日期早于开始日期。")
    if new.is_leave and new.until_on is None:
        raise SubstituteNotFit("请假要写明到哪一天。", hint="请填写请假的最后一天；长期代理不要勾选请假。")
    await Substitution.create(
        person=person,
        substitute=found[0],
        since_on=new.since_on,
        until_on=new.until_on,
        is_leave=new.is_leave,
    )
    await journal.record("person.substitute_arranged", person, by=by.person, substitute=found[0].designation)


@unit_of_work
async def end_substitute(person: Person, substitution_id: UUID, *, by: Actor, on: date) -> None:
    """End a substitution with the day before; one that has not begun is deleted. Raises NoSuchThing."""
    by.reaches(Permission.MANAGE_PEOPLE)
    held = await Substitution.get_or_none(id=substitution_id, person_id=person.id)
    if held is None:
        raise NoSuchThing
    if held.since_on >= on:
        await held.delete()
    else:
        held.until_on = on - timedelta(days=1)
        await held.save(update_fields=["until_on"])
    await journal.record("person.substitute_ended", person, by=by.person)


async def substitutions_of(person: Person, *, on: date) -> list[Substitution]:
    """Return who stands in for a person now or later, each with its substitute."""
    held = Substitution.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), person_id=person.id)
    return await held.order_by("since_on", "id").select_related("substitute")


async def note_unionid(person: Person, unionid: str, *, keys: KeyRing, on: date) -> None:
    """Store an official's unionid at sign-in; of citizens none is stored."""
    official = Duty.filter(person_id=person.id, since_on__lte=on).exclude(role=Role.CITIZEN)
    if await official.filter(Q(until_on__isnull=True) | Q(until_on__gte=on)).exists():
        await identities.keep_unionid(person.id, unionid, keys=keys)


def _is_mail(address: str) -> bool:
    name, _, host = address.partition("@")
    return (
        bool(name and host)
        and "@" not in host
        and address.isprintable()
        and not set(address) & set(' <>,;"\\')
        and len(name) <= 64
    )
