"""Proposing a ledger title from the report's own words, which the reviewer may change. Pure."""

import re

LONGEST = 30
STOPS = re.compile(r"[。！？!?；;\n\r]")
PAUSES = "，,、 "


def proposed_title(text: str) -> str:
    """Return the first sentence of a report, cut at a pause if it is too long for a title."""
    sentence = next((part for part in STOPS.split(text) if part.strip()), text)
    title = re.sub(r"\s+", " ", sentence).strip(f"{PAUSES}.：: ")
    if len(title) <= LONGEST:
        return title
    head = title[: LONGEST + 1]
    pause = max(head.rfind(mark) for mark in PAUSES)
    return head[:pause] if pause >= LONGEST // 2 else title[:LONGEST]
