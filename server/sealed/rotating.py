"""Envelopes under the ring's current key: what rotation does here."""

from models import Escrow
from server.gateways.sealing import KeyRing


async def rotate(keys: KeyRing) -> int:
    """Seal every envelope anew under the current key, each as it was; returns how many."""
    changed = 0
    for one in await Escrow.all():
        sealed = keys.reseal(one.envelope_sealed, bound_to=f"escrow:{one.observation_id}")
        same = Escrow.filter(observation_id=one.observation_id, envelope_sealed=one.envelope_sealed)
        changed += await same.update(envelope_sealed=sealed)
    return changed
