"""The columns that a sheet may have, and the headers that stand for them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: our own header, and the other names that offices use for it."""

    key: str
    header: str
    aliases: tuple[str, ...] = ()
    width: int
    hint: str
    is_needed: bool = True  # without it in the sheet, no row can be read
    is_day: bool = False


def key_of(header: str, *, columns: Sequence[Column]) -> tuple[str, int] | None:
    """Return the key of a header's column and its distance from our own header (0 is equal); None if unknown."""
    plain = plain_header(header)
    for column in columns:
        words = [plain_header(word) for word in (column.header, *column.aliases)]
        if plain in words:
            return column.key, words.index(plain)
    return None


def plain_header(header: str) -> str:
    """Return a header without spaces, line ends, marks and brackets, half-width."""
    return re.sub(r"[\s*:()]", "", unicodedata.normalize("NFKC", header))
