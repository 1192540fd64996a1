"""Who a person is outside: sealed values and keyed look-up hashes, apart from everything else (D13)."""

from collections.abc import Callable
from uuid import uuid4

from models import Identity, Person
from server.gateways.sealing import KeyRing
from server.refusal import Refusal
from server.work import deed

BATCH = 500
SEALED = ("openid", "phone", "real_name", "nickname", "avatar")


class IdentityTaken(Refusal):
    """Another person is already bound to this account or phone."""

    message_zh = "这个微信号已经绑定了其他身份。"
    hint_zh = "如果换了人使用这部手机，请联系改革办先解除原来的绑定。"


async def person_of_openid(openid: str, *, keys: KeyRing) -> Person | None:
    """The person bound to a WeChat account, if any."""
    found = (
        await Identity.filter(openid_lookup=keys.lookup(openid, kind="openid"))
        .select_related("person")
        .first()
    )
    return found.person if found else None


async def bind(
    person: Person,
    *,
    keys: KeyRing,
    openid: str | None = None,
    phone: str | None = None,
    real_name: str | None = None,
) -> Identity:
    """Write down who a person is, sealed; a value that is not given stays as it was."""
    identity = await Identity.get_or_none(person_id=person.id) or Identity(
        id=uuid4(), person=person, key_id=keys.current
    )
    for field, value in (("openid", openid), ("phone", phone), ("real_name", real_name)):
        if value is None:
            continue
        setattr(identity, f"{field}_sealed", keys.seal(value, bound_to=f"identity:{identity.id}:{field}"))
        setattr(identity, f"{field}_lookup", keys.lookup(value, kind=field))
    await identity.save()
    return identity


async def openid_of(person: Person, *, keys: KeyRing) -> str | None:
    """The WeChat account of a person, for sending and content checks only."""
    identity = await Identity.get_or_none(person_id=person.id)
    if identity is None or identity.openid_sealed is None:
        return None
    return keys.unseal(identity.openid_sealed, bound_to=f"identity:{identity.id}:openid")


async def rotate(*, keys: KeyRing, tell: Callable[[int], None] = lambda _: None) -> int:
    """Seal every identity anew under the current key, in batches; returns how many were changed."""
    changed = 0
    while batch := await _rotate_batch(keys=keys):
        changed += batch
        tell(changed)
    return changed


@deed
async def _rotate_batch(*, keys: KeyRing) -> int:
    old = await Identity.filter(key_id__not=keys.current).limit(BATCH).select_for_update(skip_locked=True)
    for identity in old:
        for field in SEALED:
            sealed = getattr(identity, f"{field}_sealed")
            if sealed is None:
                continue
            bound = f"identity:{identity.id}:{field}"
            value = keys.unseal(sealed, bound_to=bound)
            setattr(identity, f"{field}_sealed", keys.seal(value, bound_to=bound))
        identity.key_id = keys.current
        await identity.save()
    return len(old)
