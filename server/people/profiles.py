"""A person's own profile: nickname and picture, sealed with the identity and shown to nobody else (D13)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from models import Consent, Identity, Person
from server import journal
from server.gateways.sealing import KeyRing
from server.people.sessions import Visitor
from server.work import deed


@dataclass(frozen=True)
class Profile:
    """What a person has told of himself; `avatar` is a small JPEG in base64, empty without one."""

    nickname: str
    avatar: str
    joined_at: datetime
    agreed_to: str
    agreed_at: datetime | None
    leaves_at: datetime | None


async def profile_of(visitor: Visitor, *, keys: KeyRing) -> Profile:
    """The visitor's own profile."""
    person = await Person.get(id=visitor.person.id)
    identity = await Identity.get_or_none(person_id=person.id)
    consent = await Consent.filter(person_id=person.id).order_by("-agreed_at").first()
    return Profile(
        nickname=_opened(identity, "nickname", keys=keys),
        avatar=_opened(identity, "avatar", keys=keys),
        joined_at=person.created_at,
        agreed_to=consent.version if consent else "",
        agreed_at=consent.agreed_at if consent else None,
        leaves_at=person.leaves_at,
    )


@deed
async def call_oneself(nickname: str, *, by: Visitor, keys: KeyRing) -> None:
    """Choose a nickname; an empty one takes it away."""
    await _keep(by, "nickname", nickname.strip(), keys=keys)


@deed
async def show_oneself(avatar: str, *, by: Visitor, keys: KeyRing) -> None:
    """Choose a picture, a small JPEG in base64; an empty one takes it away."""
    await _keep(by, "avatar", avatar, keys=keys)


@deed
async def agree(version: str, *, by: Visitor, now: datetime) -> None:
    """Agree to a version of the privacy guideline; the first time counts."""
    _, is_new = await Consent.get_or_create(
        person_id=by.person.id, version=version, defaults={"agreed_at": now}
    )
    if is_new:
        await journal.record("person.agreed", by.person, by=by.person, version=version)


async def _keep(visitor: Visitor, field: str, value: str, *, keys: KeyRing) -> None:
    identity = await Identity.get_or_none(person_id=visitor.person.id) or Identity(
        id=uuid4(), person_id=visitor.person.id, key_id=keys.current
    )
    sealed = keys.seal(value, bound_to=f"identity:{identity.id}:{field}") if value else None
    setattr(identity, f"{field}_sealed", sealed)
    await identity.save()


def _opened(identity: Identity | None, field: str, *, keys: KeyRing) -> str:
    sealed = getattr(identity, f"{field}_sealed", None) if identity else None
    return keys.unseal(sealed, bound_to=f"identity:{identity.id}:{field}") if identity and sealed else ""
