"""Reasons the office gives when it declines or asks for more: a catalogue of data in which every wording is kept."""

from server.reasons.changing import NewReason, add_reason, change_reason, restore_reason, retire_reason
from server.reasons.reading import Entry, catalogue, in_use, offered

__all__ = [
    "Entry",
    "NewReason",
    "add_reason",
    "catalogue",
    "change_reason",
    "in_use",
    "offered",
    "restore_reason",
    "retire_reason",
]
