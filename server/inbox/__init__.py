"""The inbox: what people are told, in their own words."""

from server.inbox.reading import mark_read, messages_of, unread_of
from server.inbox.telling import (
    tell_commissioner,
    tell_owner_of_photo,
    tell_reporter,
    tell_reporters_of_item,
)
from server.inbox.wording import deed_names, timeline_words

__all__ = [
    "deed_names",
    "mark_read",
    "messages_of",
    "tell_commissioner",
    "tell_owner_of_photo",
    "tell_reporter",
    "tell_reporters_of_item",
    "timeline_words",
    "unread_of",
]
