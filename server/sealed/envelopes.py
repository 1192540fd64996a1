"""Envelopes with locked identities, read under a database role that only this module takes (decision 0006)."""

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
    """Switch to the database role that may touch locked identities; meanwhile it can read nothing else."""
    return in_role(ENVELOPE_ROLE)


async def lay(observation_id: UUID, packed: str, *, keyset_id: UUID, digest: str, keys: KeyRing) -> None:
    """Store the envelope of a new report under the server's own seal."""
    sealed = keys.seal(packed, bound_to=_place(observation_id))
    async with opened():
        await Escrow.create(
            observation_id=observation_id, keyset_id=keyset_id, envelope_sealed=sealed, digest=digest
        )


async def kept(observation_id: UUID) -> Escrow | None:
    """Return the envelope of a report, under the server's seal; None once it is destroyed."""
    async with opened():
        return await Escrow.get_or_none(observation_id=observation_id)


async def digest_of(observation_id: UUID) -> str:
    """Return what the journal keeps of a report's envelope; raises DoesNotExist."""
    async with opened():
        return (await Escrow.get(observation_id=observation_id)).digest


async def all_reports() -> Collection[UUID]:
    """Return the reports whose envelopes are stored."""
    async with opened():
        found = await Escrow.all().values_list("observation_id", flat=True)
    return [UUID(str(one)) for one in found]


def unsealed(envelope: Escrow, *, keys: KeyRing) -> str:
    """Remove the server's own seal; the result is still locked by the key holders'. Raises SealBroken."""
    return keys.unseal(envelope.envelope_sealed, bound_to=_place(envelope.observation_id))


async def holders_of_each() -> list[tuple[UUID, UUID, dict[str, str]]]:
    """Return, for each report with an envelope, its keyset and the halves handed on since."""
    async with opened():
        rows = await Escrow.all().only("observation_id", "keyset_id", "handed_on").order_by("observation_id")
    return [(one.observation_id, one.keyset_id, one.handed_on or {}) for one in rows]


async def reports_by_digest(digests: Collection[str]) -> dict[str, UUID]:
    """Return the reports whose envelopes have these digests."""
    async with opened():
        rows = await Escrow.filter(digest__in=list(digests)).only("observation_id", "digest")
    return {one.digest: one.observation_id for one in rows}


async def replace(
    observation_id: UUID, envelope: escrow.Envelope, *, holder: str, keyset_id: UUID, keys: KeyRing
) -> None:
    """Replace an envelope with one in which a holder's halves have another owner."""
    packed = b64encode(envelope.packed()).decode()
    async with opened():
        row = await Escrow.filter(observation_id=observation_id).select_for_update().get()
        row.envelope_sealed = keys.seal(packed, bound_to=_place(observation_id))
        row.digest = envelope.digest()
        row.handed_on = (row.handed_on or {}) | {holder: str(keyset_id)}
        await row.save(update_fields=["envelope_sealed", "digest", "handed_on"])


async def destroy(observation_id: UUID) -> bool:
    """Destroy the envelope of a report; returns False if there was none."""
    async with opened():
        return bool(await Escrow.filter(observation_id=observation_id).delete())


async def write_anew(observation_id: UUID) -> None:
    """Rewrite the row, so that it bears the current transaction's number instead of the report's own."""
    async with opened():
        await Escrow.filter(observation_id=observation_id).update(keyset_id=F("keyset_id"))


async def rotate(keys: KeyRing) -> int:
    """Seal every envelope again under the current key, otherwise unchanged; returns how many."""
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
