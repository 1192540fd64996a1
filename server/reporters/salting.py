"""Salts: sixteen random bytes per person, from which their marks are made; without it nothing finds their reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from models import Person, Salt
from server.gateways.sealing import new_salt
from server.reporters.keys import key_ring
from server.reporters.role import opened


@dataclass(frozen=True)
class Own:
    """A person's salt, and the day since which it can have been used."""

    id: UUID
    salt: bytes
    since: date


async def give_salt(person_id: UUID) -> None:
    """Create a person's salt if there is none, before and apart from their first report; safe to run concurrently."""
    async with opened():
        if await Salt.exists(person_id=person_id):
            return
    known_since = (await Person.get(id=person_id)).created_on
    salt_id = uuid4()
    sealed = key_ring().seal(f"{new_salt().hex()} {known_since}", bound_to=_place(salt_id))
    async with opened():
        await Salt.create(id=salt_id, person_id=person_id, sealed=sealed, key_id=key_ring().current)


async def hand_over(person_id: UUID, *, to: UUID) -> None:
    """Give a person's salts to another person, under whom their reports are found from now on."""
    async with opened():
        await Salt.filter(person_id=person_id).update(person_id=to)


async def salts_of(person_id: UUID) -> Sequence[Own]:
    """Return a person's salts in a fixed order; none if they were forgotten or never signed in."""
    async with opened():
        return [_unsealed(one) for one in await Salt.filter(person_id=person_id).order_by("id")]


async def salt_called(salt_id: UUID) -> Own:
    """Return one salt by its id while the role is already taken; raises DoesNotExist."""
    return _unsealed(await Salt.get(id=salt_id))


async def drop_salts(person_id: UUID) -> None:
    """Delete the salts that a person's marks are made of."""
    async with opened():
        await Salt.filter(person_id=person_id).delete()


async def reseal_salts() -> int:
    """Seal every salt under the current master key; returns how many were changed. Safe to repeat."""
    changed = 0
    async with opened():
        old = await Salt.filter(key_id__not=key_ring().current)
    for one in old:
        sealed = key_ring().reseal(one.sealed, bound_to=_place(one.id))
        same = Salt.filter(id=one.id, sealed=one.sealed)
        async with opened():
            changed += await same.update(sealed=sealed, key_id=key_ring().current)
    return changed


def _unsealed(salt: Salt) -> Own:
    told, _, since = key_ring().unseal(salt.sealed, bound_to=_place(salt.id)).partition(" ")
    return Own(salt.id, bytes.fromhex(told), date.fromisoformat(since))


def _place(salt_id: UUID) -> str:
    return f"salt:{salt_id}"
