"""Normalises text that people type: for storing, for searching and for codes. Pure."""

import re
import unicodedata

LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Controls, lone surrogates, noncharacters, and marks that reverse the reading order of a page.
UNKEPT = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)
# Letters and symbols by category that show nothing.
BLANK_LETTERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
DASHES = "‐‑‒–—―−﹘﹣－"
OPENING, CLOSING = "〔［【（｛「『《<", "〕］】）｝」』》>"
ONE_SIGN = str.maketrans(
    dict.fromkeys(DASHES, "-") | dict.fromkeys(OPENING + "[{", "(") | dict.fromkeys(CLOSING + "]}", ")")
)
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without letters that look alike
RECEIPT_LENGTH = 10
LOOKS_BLANK = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"}


def cleaned(text: str) -> str:
    """Return text fit for storing: NFC, one kind of line end, no control characters; empty if nothing would show."""
    if text.isascii() and text.isprintable():
        return text if text.strip() else ""
    kept = unicodedata.normalize("NFC", UNKEPT.sub("", LINE_ENDS.sub("\n", text)))
    return kept if shows(kept) else ""


def shows(text: str) -> bool:
    """Whether a reader sees anything besides spaces, joiners and letters that are blank by design."""
    return any(unicodedata.category(one) not in LOOKS_BLANK and one not in BLANK_LETTERS for one in text)


def search_form(text: str) -> str:
    """Normalise text for comparing: one width, case, dash and bracket, no spaces. Same as search_form(text) in SQL."""
    plain = unicodedata.normalize("NFKC", text).translate(ONE_SIGN).lower()
    return re.sub(r"\s", "", plain)


def words_of(query: str) -> list[str]:
    """Split a query into words in search form; every word must be found, in any order."""
    return [word for part in query.split() if (word := search_form(part))]


def code_form(typed: str) -> str:
    """Return a code without what people type between its letters: upper case, one width, no dashes, spaces or dots."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", typed)).upper()


def receipt_number_in(typed: str) -> str | None:
    """Return the receipt number that somebody typed, with any spacing, or None if it can't be one."""
    code = code_form(typed)
    is_one = len(code) == RECEIPT_LENGTH and set(code) <= set(CODE_LETTERS)
    return f"{code[:5]}-{code[5:]}" if is_one else None
