"""Changes people's own password, with the old one and a fresh code; every other session ends."""

import asyncio
from datetime import datetime

from models import ConsoleLogin, Person, Session
from server import journal
from server.gateways.sealing import KeyRing
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people.enrolling import check_password
from server.people.sessions import Actor
from server.people.signing_in import AT_ONCE, HASHER, WrongPassword, proven_step, take_step


class OldPasswordWrong(Refusal):
    """The old password or the code is wrong; the answer does not say which."""

    status = 422
    message_zh = "原密码或动态码不正确，密码没有修改。"
    hint_zh = "请核对后重新输入；用过的动态码要等下一个。连续输错5次，要等15分钟。"


class PasswordsDiffer(Refusal):
    """The new password was typed differently the second time."""

    status = 422
    message_zh = "两次输入的新密码不一样。"
    hint_zh = "请重新输入两遍新密码。"


class SamePassword(Refusal):
    """The new password equals the old one or contains the user name."""

    status = 422
    message_zh = "新密码不能和原密码相同，也不能包含用户名。"
    hint_zh = "请换一个没有用过的密码。"


async def change_password(old: str, new: str, *, code: str, by: Actor, keys: KeyRing, now: datetime) -> int:
    """Change the actor's own password and return how many other sessions that ended.

    Raises WeakPassword, SamePassword or OldPasswordWrong.
    """
    check_password(new)
    login = await ConsoleLogin.get_or_none(person_id=by.person.id)
    if login is None:
        raise NoSuchThing
    if new == old or login.username.lower() in new.lower():
        raise SamePassword
    step = await proven_step(login, old, code, keys=keys, now=now)
    if step is None:
        raise OldPasswordWrong
    async with AT_ONCE:
        hashed = await asyncio.to_thread(HASHER.hash, new)
    return await _keep(login, hashed, step=step, by=by, now=now)


@unit_of_work
async def _keep(login: ConsoleLogin, hashed: str, *, step: int, by: Actor, now: datetime) -> int:
    try:
        await take_step(login, step)
    except WrongPassword as error:
        raise OldPasswordWrong from error
    await ConsoleLogin.filter(id=login.id).update(password_hash=hashed)
    others = Session.filter(person_id=by.person.id, revoked_at=None).exclude(id=by.session_id)
    ended = await others.update(revoked_at=now)
    person = await Person.get(id=by.person.id)
    await journal.record("person.password_changed", person, by=by.person, sessions=ended)
    return ended
