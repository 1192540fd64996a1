"""Reasons: the words the office declines and asks with; they are data, each wording kept, none ever lost."""

from server.reasons.changing import NewReason, add_reason, change_reason, restore_reason, retire_reason
from server.reasons.reading import Entry, catalogue, count_in_use, offered

__all__ = [
    "Entry",
    "NewReason",
    "add_reason",
    "catalogue",
    "change_reason",
    "count_in_use",
    "offered",
    "restore_reason",
    "retire_reason",
]
