"""For which organisation somebody records or hands in."""

from uuid import UUID

from server import obligations
from server.meetings.refusals import NotYourUnit
from server.people import Actor


def home_of(actor: Actor, wanted: UUID | None) -> UUID:
    """Return the organisation meant: the only one, or the one named among several; raises NotYourUnit."""
    homes = obligations.hands_in_for(actor)
    if wanted is None and len(homes) == 1:
        return next(iter(homes))
    own = actor.person.organisation_id
    if wanted is None and own in homes and own:
        return own
    if wanted is None or wanted not in homes:
        raise NotYourUnit
    return wanted
