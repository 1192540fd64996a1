"""The cases' commands: what an action on a case asks for; the API uses them as they are."""

from typing import Annotated

from msgspec import Meta, Struct

from server.ledger.commands import Words


class WithdrawCase(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the case is withdrawn."""

    reason: Words


class AnswerCase(Struct, frozen=True, forbid_unknown_fields=True):
    """The unit's answer to the office; the office passes it on to the reporter in its own words."""

    text: Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"\S")]


class ForwardAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """What the office tells the reporter about the unit's answer."""

    words: Words
