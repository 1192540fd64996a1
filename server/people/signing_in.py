"""Signing in: phones by WeChat's one-time code, the office by name, password and second factor."""

import asyncio
from datetime import datetime, timedelta
from secrets import token_hex

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models import ConsoleLogin, Duty, Person
from models.vocabulary import Role, Scope, SessionChannel
from server import journal
from server.clock import business_date
from server.gateways.sealing import KeyRing
from server.people import identities
from server.people.sessions import open_session
from server.refusal import Refusal
from server.work import deed

# OWASP's parameters: 19 MiB, two passes. At most two at once, so that guessing can't fill the memory.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE = asyncio.Semaphore(2)
NOBODY = HASHER.hash(token_hex(16))

FAILURES = 5
WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
STEP_SECONDS = 30


class WrongPassword(Refusal):
    """Name, password or code is wrong; which one is not said."""

    status = 401
    message_zh = "用户名、密码或动态码不正确。"
    hint_zh = "请核对后重新输入；连续输错5次，账号会锁定15分钟。"


class AccountLocked(Refusal):
    """Five failures within a quarter of an hour."""

    status = 423
    message_zh = "输错次数太多，账号已暂时锁定。"
    hint_zh = "请15分钟后再试，或联系系统管理员。"
    retry = "later"


async def by_wechat(openid: str, *, keys: KeyRing, now: datetime, device: str = "") -> tuple[str, Person]:
    """Let a WeChat account in, as the person it is bound to or as a new citizen; returns token and person."""
    person = await identities.person_of_openid(openid, keys=keys)
    if person is None:
        person = await _welcome(openid, keys=keys, now=now)
    token = await open_session(person, channel=SessionChannel.PHONE, now=now, device=device)
    return token, person


@deed
async def _welcome(openid: str, *, keys: KeyRing, now: datetime) -> Person:
    """A first visit: a citizen under a made-up designation. Two visits at once make one person."""
    try:
        async with in_transaction():
            person = await Person.create(designation=f"群众{token_hex(3).upper()}")
            await Duty.create(person=person, role=Role.CITIZEN, scope=Scope.OWN, since_on=business_date(now))
            await identities.bind(person, keys=keys, openid=openid)
            await journal.record("person.joined", person, by=person, role=Role.CITIZEN)
            return person
    except IntegrityError:
        found = await identities.person_of_openid(openid, keys=keys)
        if found is None:
            raise
        return found


async def by_password(
    username: str, password: str, code: str, *, keys: KeyRing, now: datetime, device: str = ""
) -> tuple[str, Person]:
    """Let somebody of the office in; raises WrongPassword or AccountLocked. The time taken tells nothing."""
    login = await ConsoleLogin.filter(username=username).select_related("person").first()
    knows = await fits(login.password_hash if login else NOBODY, password)
    if login is None:
        raise WrongPassword
    refusal = await count_attempt(login.id, fits=knows, code=code, keys=keys, now=now)
    if refusal:
        raise refusal
    return await _let_in(login.person, now=now, device=device), login.person


@deed
async def _let_in(person: Person, *, now: datetime, device: str) -> str:
    await journal.record("person.signed_in", person, by=person)
    return await open_session(person, channel=SessionChannel.CONSOLE, now=now, device=device)


async def fits(kept: str, password: str) -> bool:
    """Whether a password is the one that a hash was made of; two at once, so that guessing can't fill the memory."""
    async with AT_ONCE:
        try:
            return await asyncio.to_thread(HASHER.verify, kept, password)
        except VerifyMismatchError:
            return False


@deed
async def count_attempt(
    login_id: object, *, fits: bool, code: str, keys: KeyRing, now: datetime
) -> Refusal | None:
    """Judge one attempt under the row's lock; the count must be kept, so the refusal is returned, not raised."""
    login = await ConsoleLogin.select_for_update().get(id=login_id)
    person = await Person.get(id=login.person_id)
    if login.locked_until and now < login.locked_until:
        return AccountLocked()
    step = _step(login, code, keys=keys, now=now)
    if fits and person.is_active and step is not None:
        login.failures, login.failed_since, login.locked_until, login.totp_last_step = 0, None, None, step
        await login.save()
        return None
    if login.failed_since is None or now - login.failed_since > WINDOW:
        login.failures, login.failed_since = 0, now
    login.failures += 1
    if login.failures >= FAILURES:
        login.locked_until, login.failures, login.failed_since = now + LOCKED_FOR, 0, None
        await journal.record("person.locked", person, by=None)
    await login.save()
    return AccountLocked() if login.locked_until and now < login.locked_until else WrongPassword()


def _step(login: ConsoleLogin, code: str, *, keys: KeyRing, now: datetime) -> int | None:
    """The time step a code belongs to, if it is right and newer than the last one taken (RFC 6238 §5.2)."""
    if login.totp_sealed is None:
        return login.totp_last_step
    totp = pyotp.TOTP(keys.unseal(login.totp_sealed, bound_to=f"console_login:{login.id}:totp"))
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current, current - 1, current + 1):
        if step > login.totp_last_step and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None
