"""A person's real identity: sealed values and keyed look-up hashes, stored apart from everything else (D13).

No other module reads the table, and none could: only this one switches to its database role (decision 0006).
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from uuid import UUID, uuid4

from models import Identity, Person
from models.config import IDENTITY_ROLE
from server.gateways.sealing import KeyRing
from server.kernel.unit_of_work import in_role, unit_of_work

BATCH = 500
SEALED = (
    *("openid", "phone", "real_name", "nickname", "avatar"),
    *("unionid", "service_openid", "wecom", "email"),
)


def opened() -> AbstractAsyncContextManager[None]:
    """Switch to the database role that may read and write identities; meanwhile it can read nothing else."""
    return in_role(IDENTITY_ROLE)


async def person_of_openid(openid: str, *, keys: KeyRing) -> Person | None:
    """Return the person bound to a WeChat account, or None."""
    async with opened():
        found = await Identity.get_or_none(openid_lookup=keys.lookup(openid, kind="openid"))
    return await Person.get_or_none(id=found.person_id) if found else None


async def bind(
    person: Person,
    *,
    keys: KeyRing,
    openid: str | None = None,
    phone: str | None = None,
    real_name: str | None = None,
) -> None:
    """Store a person's identity, sealed; a value that is not given stays unchanged."""
    async with opened():
        identity = await _kept_or_new(person.id, keys=keys)
        for field, value in (("openid", openid), ("phone", phone), ("real_name", real_name)):
            if value is None:
                continue
            setattr(identity, f"{field}_sealed", keys.seal(value, bound_to=_place(identity, field)))
            setattr(identity, f"{field}_lookup", keys.lookup(value, kind=field))
        await identity.save()


async def openid_of(person: Person, *, keys: KeyRing) -> str | None:
    """Return a person's WeChat account, for sending messages and content checks only."""
    return await told_of(person.id, "openid", keys=keys)


async def told_of(person_id: UUID, field: str, *, keys: KeyRing) -> str | None:
    """Return one unsealed value of a person's identity, or None if it is unknown."""
    async with opened():
        identity = await Identity.get_or_none(person_id=person_id)
    sealed = getattr(identity, f"{field}_sealed") if identity else None
    return keys.unseal(sealed, bound_to=_place(identity, field)) if identity and sealed else None


async def keep(person_id: UUID, field: str, value: str, *, keys: KeyRing) -> None:
    """Store a value that nobody is looked up by, sealed; an empty value removes it."""
    async with opened():
        identity = await _kept_or_new(person_id, keys=keys)
        sealed = keys.seal(value, bound_to=_place(identity, field)) if value else None
        setattr(identity, f"{field}_sealed", sealed)
        await identity.save()


async def keep_unionid(person_id: UUID, unionid: str, *, keys: KeyRing) -> None:
    """Store an official's unionid, by which the city's service account finds them; the same one changes nothing."""
    if await told_of(person_id, "unionid", keys=keys) == unionid:
        return
    await keep(person_id, "unionid", unionid, keys=keys)
    async with opened():
        lookup = keys.lookup(unionid, kind="unionid")
        await Identity.filter(person_id=person_id).update(unionid_lookup=lookup)


async def keep_followers(followers: Mapping[str, str], *, keys: KeyRing) -> int:
    """Store the service account's openid of everybody here whose unionid follows it; return how many do.

    `followers` is {unionid: openid}; who follows no more loses the openid.
    """
    by_lookup = {keys.lookup(unionid, kind="unionid"): openid for unionid, openid in followers.items()}
    async with opened():
        for identity in await Identity.filter(unionid_lookup__isnull=False):
            openid = by_lookup.get(str(identity.unionid_lookup))
            place = _place(identity, "service_openid")
            identity.service_openid_sealed = keys.seal(openid, bound_to=place) if openid else None
            await identity.save(update_fields=["service_openid_sealed"])
        return await Identity.filter(service_openid_sealed__isnull=False).count()


async def has_openid(person_id: UUID) -> bool:
    """Return whether a WeChat account is bound to a person."""
    async with opened():
        return await Identity.filter(person_id=person_id, openid_lookup__isnull=False).exists()


async def untie(person_id: UUID) -> None:
    """Remove a person's WeChat account and keep the rest of their identity."""
    async with opened():
        await Identity.filter(person_id=person_id).update(openid_sealed=None, openid_lookup=None)


async def forget(person_id: UUID) -> None:
    """Delete a person's identity for good."""
    async with opened():
        await Identity.filter(person_id=person_id).delete()


async def rotate(*, keys: KeyRing, tell: Callable[[int], None] = lambda _: None) -> int:
    """Reseal every identity under the current key, in batches; returns how many were changed."""
    changed = 0
    while batch := await _rotate_batch(keys=keys):
        changed += batch
        tell(changed)
    return changed


@unit_of_work
async def _rotate_batch(*, keys: KeyRing) -> int:
    async with opened():
        old = await Identity.filter(key_id__not=keys.current).limit(BATCH).select_for_update(skip_locked=True)
        for identity in old:
            for field in SEALED:
                sealed = getattr(identity, f"{field}_sealed")
                if sealed is None:
                    continue
                value = keys.unseal(sealed, bound_to=_place(identity, field))
                setattr(identity, f"{field}_sealed", keys.seal(value, bound_to=_place(identity, field)))
            identity.key_id = keys.current
            await identity.save()
    return len(old)


async def _kept_or_new(person_id: UUID, *, keys: KeyRing) -> Identity:
    return await Identity.get_or_none(person_id=person_id) or Identity(
        id=uuid4(), person_id=person_id, key_id=keys.current
    )


def _place(identity: Identity, field: str) -> str:
    """Return what a sealed value is bound to, so that it can't be unsealed anywhere else."""
    return f"identity:{identity.id}:{field}"
