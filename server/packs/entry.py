"""What all tables of a city pack have in common."""

from msgspec import Struct


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a pack; an unknown key is a mistake in the pack."""
