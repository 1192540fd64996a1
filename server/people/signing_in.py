"""Signing in: on phones with WeChat's one-time code, in the office with name, password and second factor."""

import asyncio
from datetime import date, datetime
from secrets import token_hex

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models import ConsoleLogin, Person
from models.vocabulary import SessionChannel
from server import journal
from server.gateways.sealing import KeyRing
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import identities
from server.people.being_a_citizen import become_citizen_again, new_citizen, serves
from server.people.sessions import open_session

# OWASP's parameters: 19 MiB, two passes. At most two run at once, so that guessing can't exhaust the memory.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE = asyncio.Semaphore(2)
NOBODY = HASHER.hash(token_hex(16))

NOBODYS_SECRET = pyotp.random_base32()

STEP_SECONDS = 30


class WrongPassword(Refusal):
    """Name, password or code is wrong; the answer does not say which."""

    status = 401
    message_zh = "用户名、密码或动态码不正确。"
    hint_zh = "请核对后重新输入；连续输错5次，要等15分钟。"


async def by_wechat(openid: str, *, keys: KeyRing, now: datetime, device: str = "") -> tuple[str, Person]:
    """Sign in a WeChat account as the person it is bound to, else as a citizen; returns token and person."""
    on = business_date(now)
    person = await identities.person_of_openid(openid, keys=keys)
    if person is None:
        person = await _welcome(openid, keys=keys, on=on)
    elif not await serves(person, on=on):
        person = await become_citizen_again(person, openid, keys=keys, on=on)
    token = await open_session(person, channel=SessionChannel.PHONE, now=now, device=device)
    return token, person


@unit_of_work
async def _welcome(openid: str, *, keys: KeyRing, on: date) -> Person:
    """Create a citizen at the first visit; two simultaneous visits create one person."""
    try:
        async with in_transaction():
            return await new_citizen(openid, keys=keys, on=on)
    except IntegrityError:
        found = await identities.person_of_openid(openid, keys=keys)
        if found is None:
            raise
        return found


async def by_password(
    username: str, password: str, code: str, *, keys: KeyRing, now: datetime, device: str = ""
) -> tuple[str, Person]:
    """Sign in an office member, or raise WrongPassword; neither answer nor timing reveals whether the name exists."""
    login = await ConsoleLogin.filter(username=username).select_related("person").first()
    step = await proven_step(login, password, code, keys=keys, now=now)
    if login is None or step is None or not login.person.is_active:
        raise WrongPassword
    return await _let_in(login, step=step, now=now, device=device), login.person


@unit_of_work
async def _let_in(login: ConsoleLogin, *, step: int, now: datetime, device: str) -> str:
    await take_step(login, step)
    await journal.record("person.signed_in", login.person, by=login.person)
    return await open_session(login.person, channel=SessionChannel.CONSOLE, now=now, device=device)


async def note_guessing(username: str) -> None:
    """Record in the journal that somebody is guessing the password of an account, if it exists."""
    login = await ConsoleLogin.filter(username=username).select_related("person").first()
    if login:
        await _note_guessing(login.person)


@unit_of_work
async def _note_guessing(person: Person) -> None:
    await journal.record("person.locked", person, by=None)


async def fits(kept: str, password: str) -> bool:
    """Return whether a password matches a hash; at most two run at once, so that guessing can't exhaust the memory."""
    async with AT_ONCE:
        try:
            return await asyncio.to_thread(HASHER.verify, kept, password)
        except VerifyMismatchError:
            return False


async def proven_step(
    login: ConsoleLogin | None, password: str, code: str, *, keys: KeyRing, now: datetime
) -> int | None:
    """Return the code's time step if password and code are right; an unknown login costs the same work."""
    knows = await fits(login.password_hash if login else NOBODY, password)
    step = _step(_secret(login, keys=keys), code, now=now)
    return step if login and knows else None


async def take_step(login: ConsoleLogin, step: int) -> None:
    """Consume a time step; raises WrongPassword unless it is newer than the last one (RFC 6238, section 5.2)."""
    if not await ConsoleLogin.filter(id=login.id, totp_last_step__lt=step).update(totp_last_step=step):
        raise WrongPassword


def _secret(login: ConsoleLogin | None, *, keys: KeyRing) -> str:
    if login is None or login.totp_sealed is None:
        return NOBODYS_SECRET
    return keys.unseal(login.totp_sealed, bound_to=f"console_login:{login.id}:totp")


def _step(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the time step a code belongs to, if it falls within these ninety seconds."""
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (
        current + 1,
        current - 1,
        current,
    ):  # always all three, so that the time taken reveals nothing
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            found = step
    return found
