"""Enrolling organisations, people of the roster, their duties and console logins."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import pyotp
from tortoise.exceptions import IntegrityError

from models import ConsoleLogin, Duty, Organisation, Person
from models.vocabulary import OrganisationKind, Role, Scope
from server import journal, reporters
from server.gateways.sealing import KeyRing
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import identities
from server.people.arranging import check_free
from server.people.duties import USUAL_SCOPE, needs_unit
from server.people.signing_in import HASHER


class WeakPassword(Refusal):
    """A password needs at least 12 characters of three classes (GB/T 22239 habits, reliability-security R3.3)."""

    status = 422
    message_zh = "密码太简单。"
    hint_zh = "请用至少12个字符，包含大写、小写、数字、符号中的三种。"


class UsernameTaken(Refusal):
    """Somebody else already has this user name."""

    status = 409
    message_zh = "这个用户名已经有人使用。"
    hint_zh = "请换一个用户名。"


class LoginExists(Refusal):
    """The person already has a console login."""

    status = 409
    message_zh = "这位同志已经有办公台账号。"
    hint_zh = "一人只开一个账号，请使用原来的用户名登录。"


class DutyNeedsUnit(Refusal):
    """The role or scope reaches a unit, but no unit is named."""

    status = 422
    message_zh = "这项职责要落到一个单位。"
    hint_zh = "请选择单位后再保存。"


@dataclass(frozen=True)
class NewLogin:
    """A new login as handed over once; the secret of the second factor is not shown again."""

    username: str
    totp_secret: str

    def otpauth(self, issuer: str) -> str:
        """Return the secret in the form that an authenticator app scans."""
        return pyotp.TOTP(self.totp_secret).provisioning_uri(name=self.username, issuer_name=issuer)


@unit_of_work
async def add_organisation(
    name: str,
    *,
    code: str,
    kind: OrganisationKind,
    by: Person | None,
    short_name: str = "",
    parent: Organisation | None = None,
    series: str | None = None,
    sort_order: int = 0,
) -> Organisation:
    """Add an organisation below its parent; `series` names its ledger numbers if it registers problems.

    Raises OrganisationNameTaken.
    """
    await check_free(name, short_name or name, code=code)
    organisation = await Organisation.create(
        code=code,
        name=name,
        short_name=short_name or name,
        kind=kind,
        parent=parent,
        path=f"{parent.path if parent else '/'}{code}/",
        series=series,
        sort_order=sort_order,
    )
    await journal.record("organisation.added", organisation, by=by, code=code)
    return organisation


@unit_of_work
async def add_person(
    designation: str,
    *,
    role: Role,
    by: Person | None,
    now: datetime,
    keys: KeyRing,
    organisation: Organisation | None = None,
    title: str = "",
    real_name: str | None = None,
    phone: str | None = None,
    scope: Scope | None = None,
) -> Person:
    """Add a person to the roster with a first duty; name and phone are stored sealed."""
    person = await Person.create(
        designation=designation, organisation=organisation, created_on=business_date(now)
    )
    await reporters.give_salt(person.id)
    await _give(person, role=role, scope=scope, organisation=organisation, title=title, now=now)
    if real_name or phone:
        await identities.bind(person, keys=keys, real_name=real_name, phone=phone)
    await journal.record("person.enrolled", person, by=by, role=role)
    return person


@unit_of_work
async def give_duty(
    person: Person,
    *,
    role: Role,
    by: Person | None,
    now: datetime,
    organisation: Organisation | None = None,
    scope: Scope | None = None,
    title: str = "",
) -> Duty:
    """Give a person one more duty, starting today; raises DutyNeedsUnit."""
    duty = await _give(person, role=role, scope=scope, organisation=organisation, title=title, now=now)
    await journal.record("person.duty_given", person, by=by, role=role, scope=duty.scope)
    return duty


@unit_of_work
async def give_console_login(
    person: Person, *, username: str, password: str, by: Person | None, keys: KeyRing
) -> NewLogin:
    """Give an office member a console login, always with a second factor."""
    check_password(password)
    if await ConsoleLogin.exists(person_id=person.id):
        raise LoginExists
    if await ConsoleLogin.exists(username=username):
        raise UsernameTaken
    secret = pyotp.random_base32()
    login = ConsoleLogin(
        id=uuid4(), person=person, username=username, password_hash=HASHER.hash(password), totp_last_step=0
    )
    login.totp_sealed = keys.seal(secret, bound_to=f"console_login:{login.id}:totp")
    try:
        await login.save()
    except IntegrityError as error:  # two requests at the same moment
        raise UsernameTaken from error
    await journal.record("person.console_login_given", person, by=by)
    return NewLogin(username, secret)


def check_password(password: str) -> None:
    """Raise WeakPassword unless the password has 12 characters of three classes."""
    classes = sum(
        any(test(letter) for letter in password)
        for test in (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
    )
    if len(password) < 12 or classes < 3:
        raise WeakPassword


def random_password() -> str:
    """Return a password that passes the check, to be handed over once."""
    return f"{secrets.token_urlsafe(12)}-Aa1"


async def _give(
    person: Person,
    *,
    role: Role,
    scope: Scope | None,
    organisation: Organisation | None,
    title: str,
    now: datetime,
) -> Duty:
    scope = scope or USUAL_SCOPE[role]
    if organisation is None and needs_unit(role, scope):
        raise DutyNeedsUnit
    return await Duty.create(
        person=person,
        role=role,
        scope=scope,
        organisation=organisation,
        title=title,
        since_on=business_date(now),
    )
