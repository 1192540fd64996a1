"""Observations: what people saw on site, from the first word to the office's decision."""

from server.observations.amending import amend, withdraw
from server.observations.commands import Place, SubmitObservation
from server.observations.developing import develop, naming
from server.observations.proposing import proposed_title
from server.observations.reading import (
    QUEUE,
    by_receipt,
    count_of_queue,
    decided,
    earlier_versions,
    history,
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
)
from server.observations.receiving import receive_photo
from server.observations.reviewing import accept, ask_more, decline
from server.observations.submitting import submit
from server.observations.track_records import track_record
from server.observations.wording import status_words, steps

__all__ = [
    "QUEUE",
    "Place",
    "SubmitObservation",
    "accept",
    "amend",
    "ask_more",
    "by_receipt",
    "count_of_queue",
    "decided",
    "decline",
    "develop",
    "earlier_versions",
    "history",
    "naming",
    "next_in_queue",
    "observation_reviewed_by",
    "of_item",
    "own_observation",
    "own_observations",
    "proposed_title",
    "queue",
    "reasons",
    "receipts_of",
    "receive_photo",
    "rendition_reviewed_by",
    "reviewable",
    "status_words",
    "steps",
    "submit",
    "track_record",
    "withdraw",
]
