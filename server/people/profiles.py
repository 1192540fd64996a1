"""A person's own profile: nickname and picture, sealed with the identity and shown to nobody else (D13)."""

from dataclasses import dataclass
from datetime import date, datetime

from models import Consent, Person
from server.gateways.sealing import KeyRing
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import identities
from server.people.sessions import Actor


@dataclass(frozen=True)
class Profile:
    """What people tell about themselves; `avatar` is a small JPEG in base64, or empty."""

    nickname: str
    avatar: str
    joined_on: date
    agreed_to: str
    agreed_on: date | None
    leaves_at: datetime | None


async def profile_of(actor: Actor, *, keys: KeyRing) -> Profile:
    """Return the actor's own profile."""
    person = await Person.get(id=actor.person.id)
    consent = await Consent.filter(person_id=person.id).order_by("-agreed_on", "-version").first()
    return Profile(
        nickname=await identities.told_of(person.id, "nickname", keys=keys) or "",
        avatar=await identities.told_of(person.id, "avatar", keys=keys) or "",
        joined_on=person.created_on,
        agreed_to=consent.version if consent else "",
        agreed_on=consent.agreed_on if consent else None,
        leaves_at=person.leaves_at,
    )


@unit_of_work
async def call_oneself(nickname: str, *, by: Actor, keys: KeyRing) -> None:
    """Set the actor's nickname; an empty one removes it."""
    await identities.keep(by.person.id, "nickname", nickname.strip(), keys=keys)


@unit_of_work
async def show_oneself(avatar: str, *, by: Actor, keys: KeyRing) -> None:
    """Set the actor's picture, a small JPEG in base64; an empty one removes it."""
    await identities.keep(by.person.id, "avatar", avatar, keys=keys)


@unit_of_work
async def agree(version: str, *, by: Actor, now: datetime) -> None:
    """Record consent to a version of the privacy guideline; the first time counts."""
    await Consent.get_or_create(
        person_id=by.person.id, version=version, defaults={"agreed_on": business_date(now)}
    )
