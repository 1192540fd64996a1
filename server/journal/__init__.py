"""The journal: who did what to which subject and when; anchored outside, erased only with an entry."""

from server.journal.entries import (
    Block,
    JournalFilter,
    Subject,
    actors_of,
    blocks_of,
    count_of,
    last_block_before,
    page_of,
    record,
    timeline,
    together,
    wanted,
)

__all__ = [
    "Block",
    "JournalFilter",
    "Subject",
    "actors_of",
    "blocks_of",
    "count_of",
    "last_block_before",
    "page_of",
    "record",
    "timeline",
    "together",
    "wanted",
]
