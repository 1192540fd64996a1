"""Restoring access: the paper code gives a report to another phone and takes it away from the lost one."""

from models import SealedAccess
from server.gateways.sealing import KeyRing
from server.kernel.unit_of_work import unit_of_work
from server.sealed import codes
from server.sealed.refusals import CodeWrong


async def restore(*, code: str, capability: str, keys: KeyRing) -> SealedAccess:
    """Replace the old phone's capability with that of a new one; raises CodeWrong."""
    recovery = await codes.recovery_key(codes.digits_of(code), keys=keys)
    return await _replace(recovery, capability_hash=codes.capability_hash(capability))


@unit_of_work
async def _replace(recovery: str, *, capability_hash: str) -> SealedAccess:
    access = await SealedAccess.filter(recovery_key=recovery).select_for_update().first()
    if access is None:
        raise CodeWrong
    access.capability_hash = capability_hash
    await access.save(update_fields=["capability_hash"])
    return access
