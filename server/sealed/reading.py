"""Reading a sealed report by its capability: the phone, or the person with the paper code, counts as its reporter."""

from models import EscrowOpening, Observation, SealedAccess, SealedArrival
from models.vocabulary import ObservationState as S
from server import photos
from server.kernel.refusal import NoSuchThing
from server.sealed.codes import CAPABILITY, capability_hash


async def access_by(capability: str) -> SealedAccess:
    """Return what a capability opens; raises NoSuchThing whether it is malformed or unknown."""
    if not CAPABILITY.fullmatch(capability):
        raise NoSuchThing
    found = await SealedAccess.get_or_none(capability_hash=capability_hash(capability))
    if found is None:
        raise NoSuchThing
    return found


async def observation_behind(access: SealedAccess) -> Observation:
    """Return the report of an access, as entered or as it will be when this hour is over."""
    entered = await (
        Observation.filter(id=access.observation_id).select_related("ledger_item__lead_unit").first()
    )
    if entered:
        return await _completed(entered)
    arrival = await SealedArrival.get_or_none(observation_id=access.observation_id)
    if arrival is None:
        raise NoSuchThing
    return await as_observation(arrival)


async def as_observation(arrival: SealedArrival) -> Observation:
    """Return the report that an arrival will become, with its photos counted."""
    return await _completed(Observation(**arrival.columns, ledger_item=None))


async def _completed(observation: Observation) -> Observation:
    if observation.state is S.WAITING_MEDIA and not await photos.missing(observation.id):
        observation.state = S.RECEIVED
    return observation


async def is_entered(observation: Observation) -> bool:
    """Return whether the office can see the report yet."""
    return await Observation.exists(id=observation.id)


async def openings_of(observation: Observation) -> list[EscrowOpening]:
    """Return when and why its envelope was opened, which the reporter learns the next time they look."""
    return await EscrowOpening.filter(observation_id=observation.id, opened_on__isnull=False).order_by(
        "opened_on"
    )
