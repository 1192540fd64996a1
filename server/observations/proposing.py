"""Proposing a title for the ledger from a report's own words; the reviewer has the last one. Pure."""

import re

LONGEST = 30
STOPS = re.compile(r"[。！？!?；;\n\r]")
PAUSES = "，,、 "


def proposed_title(text: str) -> str:
    """The first sentence of a report, cut at a pause where it is longer than a title should be."""
    sentence = next((part for part in STOPS.split(text) if part.strip()), text)
    title = re.sub(r"\s+", " ", sentence).strip(f"{PAUSES}.：: ")
    if len(title) <= LONGEST:
        return title
    head = title[: LONGEST + 1]
    pause = max(head.rfind(mark) for mark in PAUSES)
    return head[:pause] if pause >= LONGEST // 2 else title[:LONGEST]
