"""The missions' commands: what an action on a mission asks for; the API uses them as they are."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from server.ledger.commands import Deed, Words


class SendMembers(Deed, frozen=True, kw_only=True):
    """The members to send."""

    members: list[UUID]


class CancelMission(Deed, frozen=True, kw_only=True):
    """Why the mission is cancelled."""

    reason: Words


class Accept(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing but the wish to go."""


class Finish(Struct, frozen=True, forbid_unknown_fields=True):
    """A summary of what was seen."""

    summary: Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"\S")]
