"""Screening: nothing of a report goes to others before WeChat or a person has passed it (REV-01)."""

from server.screening.deciding import decide
from server.screening.linking import fetch_picture
from server.screening.reading import Held, Line, Standing, check_reviewed_by, count_of_queue, of, queue
from server.screening.seeing import (
    ForOthers,
    for_others,
    is_photo_visible,
    is_visible_to_others,
    may_see,
    photos_for_others,
    visible_photos,
)
from server.screening.settling import hear
from server.screening.sweeping import check_report, sweep

__all__ = [
    "ForOthers",
    "Held",
    "Line",
    "Standing",
    "check_report",
    "check_reviewed_by",
    "count_of_queue",
    "decide",
    "fetch_picture",
    "for_others",
    "hear",
    "is_photo_visible",
    "is_visible_to_others",
    "may_see",
    "of",
    "photos_for_others",
    "queue",
    "sweep",
    "visible_photos",
]
