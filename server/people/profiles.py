"""A person's own profile: nickname and picture, sealed with the identity and shown to nobody else (D13)."""

from dataclasses import dataclass
from datetime import date, datetime

from models import Consent, Person
from server.clock import business_date
from server.gateways.sealing import KeyRing
from server.people import identities
from server.people.sessions import Visitor
from server.work import deed


@dataclass(frozen=True)
class Profile:
    """What a person has told of himself; `avatar` is a small JPEG in base64, empty without one."""

    nickname: str
    avatar: str
    joined_on: date
    agreed_to: str
    agreed_on: date | None
    leaves_at: datetime | None


async def profile_of(visitor: Visitor, *, keys: KeyRing) -> Profile:
    """The visitor's own profile."""
    person = await Person.get(id=visitor.person.id)
    consent = await Consent.filter(person_id=person.id).order_by("-agreed_on", "-version").first()
    return Profile(
        nickname=await identities.told_of(person.id, "nickname", keys=keys) or "",
        avatar=await identities.told_of(person.id, "avatar", keys=keys) or "",
        joined_on=person.created_on,
        agreed_to=consent.version if consent else "",
        agreed_on=consent.agreed_on if consent else None,
        leaves_at=person.leaves_at,
    )


@deed
async def call_oneself(nickname: str, *, by: Visitor, keys: KeyRing) -> None:
    """Choose a nickname; an empty one takes it away."""
    await identities.keep(by.person.id, "nickname", nickname.strip(), keys=keys)


@deed
async def show_oneself(avatar: str, *, by: Visitor, keys: KeyRing) -> None:
    """Choose a picture, a small JPEG in base64; an empty one takes it away."""
    await identities.keep(by.person.id, "avatar", avatar, keys=keys)


@deed
async def agree(version: str, *, by: Visitor, now: datetime) -> None:
    """Agree to a version of the privacy guideline; the first time counts."""
    await Consent.get_or_create(
        person_id=by.person.id, version=version, defaults={"agreed_on": business_date(now)}
    )
