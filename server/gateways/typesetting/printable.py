"""Decides what can be printed: the characters that fonts have, and a sign in place of all others."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont, TTLibError

INSTEAD = "□"
JOINER = "\u200d"
SELECTORS = {chr(point) for point in range(0xFE00, 0xFE10)}
MODIFIERS = {"Mn", "Me", "Mc", "Sk"}
FONT_FILES = {".ttf", ".otf", ".ttc", ".otc"}


class Typefaces:
    """The characters in the fonts of some folders; a folder is read only when the earlier ones lack a character."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._unread = list(folders)
        self._known: set[int] = set()

    def have(self, character: str) -> bool:
        """Whether one of the fonts has a character."""
        point = ord(character)
        while point not in self._known and self._unread:
            self._known |= _characters_in(self._unread.pop(0))
        return point in self._known


def with_signs(value: Any, *, typefaces: Typefaces, missing: set[str]) -> Any:
    """Return plain data with a sign for each unprintable character; those are added to `missing`."""
    if isinstance(value, str):
        return "".join(_printed(value, typefaces, missing))
    if isinstance(value, dict):
        return {key: with_signs(one, typefaces=typefaces, missing=missing) for key, one in value.items()}
    if isinstance(value, list):
        return [with_signs(one, typefaces=typefaces, missing=missing) for one in value]
    return value


def named(missing: Iterable[str]) -> list[str]:
    """Return characters by their numbers, for looking them up: U+2705."""
    return [f"U+{ord(one):04X}" for one in sorted(missing)]


def _printed(text: str, typefaces: Typefaces, missing: set[str]) -> Iterator[str]:
    """Yield the text; the parts of one emoji, as in families and skin colours, become one sign together."""
    # Whether the previous character became a sign, and whether the next one belongs to it.
    is_sign = is_joined = False
    for one in text:
        category = unicodedata.category(one)
        if category in {"Cc", "Cs"} and one != "\n":
            continue
        if one == JOINER or one in SELECTORS:  # they show nothing by themselves
            is_joined = is_sign
        elif one == "\n" or category == "Cf" or typefaces.have(one):
            is_sign = is_joined = False
            yield one
        else:
            missing.add(one)
            if not (is_joined or (is_sign and category in MODIFIERS)):
                yield INSTEAD
            is_sign, is_joined = True, False


@cache
def _characters_in(folder: Path) -> frozenset[int]:
    found: set[int] = set()
    for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if file.suffix.lower() in FONT_FILES:
            try:
                with TTFont(file, fontNumber=0, lazy=True) as font:
                    found |= (font.getBestCmap() or {}).keys()
            except (TTLibError, OSError, KeyError, ValueError):
                continue  # a broken font prints nothing
    return frozenset(found)
