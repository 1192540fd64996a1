"""Moderation: nothing of a report is shown to others before WeChat or a person has passed it (REV-01)."""

from server.moderation.deciding import decide
from server.moderation.linking import fetch_picture
from server.moderation.reading import (
    Held,
    Queue,
    Standing,
    check_reviewed_by,
    count_of_queue,
    in_line,
    of,
    queue,
)
from server.moderation.seeing import (
    ForOthers,
    for_others,
    is_photo_visible,
    is_visible_to_others,
    may_see,
    photos_for_others,
    visible_photos,
)
from server.moderation.settling import hear
from server.moderation.sweeping import check_photo, check_report, sweep

__all__ = [
    "ForOthers",
    "Held",
    "Queue",
    "Standing",
    "check_photo",
    "check_report",
    "check_reviewed_by",
    "count_of_queue",
    "decide",
    "fetch_picture",
    "for_others",
    "hear",
    "in_line",
    "is_photo_visible",
    "is_visible_to_others",
    "may_see",
    "of",
    "photos_for_others",
    "queue",
    "sweep",
    "visible_photos",
]
