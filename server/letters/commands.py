"""The commands on letters: what each asks for; both counters use them as they are."""

from typing import Annotated

from msgspec import Meta, Struct

from server.ledger.commands import Deed
from server.photos import AnnouncedPhoto

Words = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"\S")]
Because = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Few = Annotated[str, Meta(max_length=200)]
PLAIN = r"^[^\x00-\x09\x0b-\x1f\x7f]*\S[^\x00-\x09\x0b-\x1f\x7f]*$"  # no characters that a screen can't show


class AtVersion(Deed, frozen=True, kw_only=True):
    """A step on a letter at the version that was on the screen."""


class Draft(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The kind of the letter, and why a step of the ladder is skipped."""

    kind: Annotated[str, Meta(max_length=24)]
    reason: Few = ""


class Wording(AtVersion, frozen=True, kw_only=True):
    """The words of a draft as the drafter wants them; a line of `annexes` for each annex."""

    title: Annotated[str, Meta(min_length=2, max_length=120, pattern=PLAIN)]
    body: Annotated[str, Meta(min_length=1, max_length=4000, pattern=PLAIN)]
    copy_to: Few = ""
    annexes: Annotated[str, Meta(max_length=600)] = ""


class WithReason(AtVersion, frozen=True, kw_only=True):
    """A step that needs a reason."""

    reason: Because


class Reply(AtVersion, frozen=True, kw_only=True):
    """What the unit has done, and photos that prove it, announced by digest like every photo."""

    text: Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"\S")]
    photos: Annotated[list[AnnouncedPhoto], Meta(max_length=9)] = []  # noqa: RUF012  msgspec copies it


class Verdict(AtVersion, frozen=True, kw_only=True):
    """Whether the reply is accepted; a reply that is not gets words and a new deadline."""

    accepted: bool
    words: Annotated[str, Meta(max_length=1000)] = ""
