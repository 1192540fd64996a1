"""Envelopes: identities under lock, read by a database role that this module alone takes (decision 0006)."""

from base64 import b64encode
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from tortoise.expressions import F

from models import Escrow
from models.config import ENVELOPE_ROLE
from server.gateways import escrow
from server.gateways.sealing import KeyRing
from server.kernel.unit_of_work import in_role


def opened() -> AbstractAsyncContextManager[None]:
    """Only here the database lets anybody touch a locked identity; it lets nothing else be read meanwhile."""
    return in_role(ENVELOPE_ROLE)


async def lay(observation_id: UUID, packed: str, *, keyset_id: UUID, digest: str, keys: KeyRing) -> None:
    """Keep the envelope of a new report under the server's own seal."""
    sealed = keys.seal(packed, bound_to=_place(observation_id))
    async with opened():
        await Escrow.create(
            observation_id=observation_id, keyset_id=keyset_id, envelope_sealed=sealed, digest=digest
        )


async def kept(observation_id: UUID) -> Escrow | None:
    """The envelope of a report, under the server's seal; None once it is destroyed."""
    async with opened():
        return await Escrow.get_or_none(observation_id=observation_id)


async def digest_of(observation_id: UUID) -> str:
    """What the journal keeps of the envelope of a report; raises DoesNotExist."""
    async with opened():
        return (await Escrow.get(observation_id=observation_id)).digest


async def all_reports() -> Collection[UUID]:
    """The reports whose envelopes are kept."""
    async with opened():
        found = await Escrow.all().values_list("observation_id", flat=True)
    return [UUID(str(one)) for one in found]


def unsealed(envelope: Escrow, *, keys: KeyRing) -> str:
    """What lies under the server's own seal, still locked by the key-holders'; raises SealBroken."""
    return keys.unseal(envelope.envelope_sealed, bound_to=_place(envelope.observation_id))


async def holders_of_each() -> list[tuple[UUID, UUID, dict[str, str]]]:
    """For each report with an envelope: to which keyset it was sealed, and which halves were handed on since."""
    async with opened():
        rows = await Escrow.all().only("observation_id", "keyset_id", "handed_on").order_by("observation_id")
    return [(one.observation_id, one.keyset_id, one.handed_on or {}) for one in rows]


async def reports_by_digest(digests: Collection[str]) -> dict[str, UUID]:
    """Whose envelopes have these digests."""
    async with opened():
        rows = await Escrow.filter(digest__in=list(digests)).only("observation_id", "digest")
    return {one.digest: one.observation_id for one in rows}


async def replace(
    observation_id: UUID, envelope: escrow.Envelope, *, holder: str, keyset_id: UUID, keys: KeyRing
) -> None:
    """Lay an envelope in which a holder's halves have another owner in place of the earlier one."""
    packed = b64encode(envelope.packed()).decode()
    async with opened():
        row = await Escrow.filter(observation_id=observation_id).select_for_update().get()
        row.envelope_sealed = keys.seal(packed, bound_to=_place(observation_id))
        row.digest = envelope.digest()
        row.handed_on = (row.handed_on or {}) | {holder: str(keyset_id)}
        await row.save(update_fields=["envelope_sealed", "digest", "handed_on"])


async def destroy(observation_id: UUID) -> bool:
    """Destroy the envelope of a report; False when there was none."""
    async with opened():
        return bool(await Escrow.filter(observation_id=observation_id).delete())


async def write_anew(observation_id: UUID) -> None:
    """Let the row bear the number of the transaction that is open here, instead of the report's own."""
    async with opened():
        await Escrow.filter(observation_id=observation_id).update(keyset_id=F("keyset_id"))


async def rotate(keys: KeyRing) -> int:
    """Seal every envelope anew under the current key, each as it was; returns how many."""
    changed = 0
    async with opened():
        all_of_them = await Escrow.all()
    for one in all_of_them:
        sealed = keys.reseal(one.envelope_sealed, bound_to=_place(one.observation_id))
        same = Escrow.filter(observation_id=one.observation_id, envelope_sealed=one.envelope_sealed)
        async with opened():
            changed += await same.update(envelope_sealed=sealed)
    return changed


def _place(observation_id: UUID) -> str:
    return f"escrow:{observation_id}"
