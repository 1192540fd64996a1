"""Observations: reports of what people saw on site, from submission to the office's decision."""

from server.observations.amending import amend, withdraw
from server.observations.claiming import claim, in_other_hands, let_go
from server.observations.commands import Place, SubmitObservation
from server.observations.duplicates import DuplicateCandidate, find_duplicates
from server.observations.handing_over import hand_over, offices_beside
from server.observations.naming_reporters import names_shown
from server.observations.proposing import proposed_title
from server.observations.proving import Proof, proof_of
from server.observations.quality import Quality, quality_by_category
from server.observations.reading import (
    OPEN,
    QUEUE,
    by_receipt,
    count_of_decided,
    count_of_queue,
    count_of_unanswered,
    decided,
    earlier_versions,
    history,
    in_decided,
    in_line,
    in_unanswered,
    next_in_queue,
    observation_reviewed_by,
    of_item,
    own_observation,
    own_observations,
    queue,
    reasons,
    receipts_of,
    rendition_reviewed_by,
    reviewable,
    unanswered,
)
from server.observations.rechecking import Rechecked, RecheckSeen, answer_recheck, rechecks_of
from server.observations.redacting import redact_photo
from server.observations.reminding import REVIEW_CLOCK
from server.observations.renditions import describe, naming
from server.observations.reviewing import (
    UNDO_WITHIN,
    SendOn,
    accept,
    ask_more,
    decline,
    join,
    undo_acceptance,
    undoable,
)
from server.observations.submitting import submit
from server.observations.talking import read_thread, say_as_office, say_as_reporter, thread_of
from server.observations.tiers import CANNOT, TIERS, who_sees
from server.observations.track_records import own_thanks, track_record
from server.observations.wording import status_words, steps

__all__ = [
    "CANNOT",
    "OPEN",
    "QUEUE",
    "REVIEW_CLOCK",
    "TIERS",
    "UNDO_WITHIN",
    "DuplicateCandidate",
    "Place",
    "Proof",
    "Quality",
    "RecheckSeen",
    "Rechecked",
    "SendOn",
    "SubmitObservation",
    "accept",
    "amend",
    "answer_recheck",
    "ask_more",
    "by_receipt",
    "claim",
    "count_of_decided",
    "count_of_queue",
    "count_of_unanswered",
    "decided",
    "decline",
    "describe",
    "earlier_versions",
    "find_duplicates",
    "hand_over",
    "history",
    "in_decided",
    "in_line",
    "in_other_hands",
    "in_unanswered",
    "join",
    "let_go",
    "names_shown",
    "naming",
    "next_in_queue",
    "observation_reviewed_by",
    "of_item",
    "offices_beside",
    "own_observation",
    "own_observations",
    "own_thanks",
    "proof_of",
    "proposed_title",
    "quality_by_category",
    "queue",
    "read_thread",
    "reasons",
    "receipts_of",
    "rechecks_of",
    "redact_photo",
    "rendition_reviewed_by",
    "reviewable",
    "say_as_office",
    "say_as_reporter",
    "status_words",
    "steps",
    "submit",
    "thread_of",
    "track_record",
    "unanswered",
    "undo_acceptance",
    "undoable",
    "who_sees",
    "withdraw",
]
