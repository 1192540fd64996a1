"""Photos: announced by digest, kept sealed, rendered with watermarks, shown through signed links."""

from server.gateways.storage import Kept
from server.photos import uploads
from server.photos.allowing import Allowance, allowance
from server.photos.announcing import AnnouncedPhoto, announce, fingerprints_of, subjects_naming
from server.photos.counting import Count, Cover, counts_of, covers_of, missing_of
from server.photos.findings import Cause, Finding, Verdict
from server.photos.forgetting import drop, forget_strays, forget_unnamed
from server.photos.keeping import store
from server.photos.linking import link, person_of_link
from server.photos.reading import missing, photos_of, photos_of_each
from server.photos.receiving import Received, receive
from server.photos.redacting import Box, BoxEmpty, boxes_of, edition_of, redact
from server.photos.renditions import render, store_renditions
from server.photos.sealed import (
    announce_sealed,
    count_sealed,
    enter_sealed,
    is_announced,
    is_sealed,
    remember_sealed,
    store_sealed,
    subjects_waiting,
)
from server.photos.subjects import (
    Subject,
    completes,
    described,
    describes,
    finds,
    named_after,
    rendered_after,
    renders_copies,
    senders_of,
    tells_senders,
)
from server.photos.verifying import compare, mark_code, verify

__all__ = [
    "Allowance",
    "AnnouncedPhoto",
    "Box",
    "BoxEmpty",
    "Cause",
    "Count",
    "Cover",
    "Finding",
    "Kept",
    "Received",
    "Subject",
    "Verdict",
    "allowance",
    "announce",
    "announce_sealed",
    "boxes_of",
    "compare",
    "completes",
    "count_sealed",
    "counts_of",
    "covers_of",
    "described",
    "describes",
    "drop",
    "edition_of",
    "enter_sealed",
    "finds",
    "fingerprints_of",
    "forget_strays",
    "forget_unnamed",
    "is_announced",
    "is_sealed",
    "link",
    "mark_code",
    "missing",
    "missing_of",
    "named_after",
    "person_of_link",
    "photos_of",
    "photos_of_each",
    "receive",
    "redact",
    "remember_sealed",
    "render",
    "rendered_after",
    "renders_copies",
    "senders_of",
    "store",
    "store_renditions",
    "store_sealed",
    "subjects_naming",
    "subjects_waiting",
    "tells_senders",
    "uploads",
    "verify",
]
