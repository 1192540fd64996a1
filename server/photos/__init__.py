"""Photos: announced by digest, kept sealed, developed into watermarked renditions, shown by signed links."""

from server.photos.announcing import AnnouncedPhoto, announce, fingerprints_of, subjects_naming, subjects_with
from server.photos.counting import Count, Cover, counts_of, covers_of, missing_of
from server.photos.developing import Subject, develop, store_renditions
from server.photos.keeping import missing, photos_of, photos_of_each, remember, store
from server.photos.linking import check_link, link
from server.photos.redacting import Box, BoxEmpty, boxes_of, edition_of, redact
from server.photos.verifying import Verdict, mark_code, verify

__all__ = [
    "AnnouncedPhoto",
    "Box",
    "BoxEmpty",
    "Count",
    "Cover",
    "Subject",
    "Verdict",
    "announce",
    "boxes_of",
    "check_link",
    "counts_of",
    "covers_of",
    "develop",
    "edition_of",
    "fingerprints_of",
    "link",
    "mark_code",
    "missing",
    "missing_of",
    "photos_of",
    "photos_of_each",
    "redact",
    "remember",
    "store",
    "store_renditions",
    "subjects_naming",
    "subjects_with",
    "verify",
]
