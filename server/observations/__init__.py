"""Observations: what people saw on site, from the first word to the office's decision."""

from server.observations.amending import amend, withdraw
from server.observations.commands import Place, SubmitObservation
from server.observations.developing import develop, naming
from server.observations.reading import (
    by_receipt,
    history,
    observation_reviewed_by,
    own_observation,
    own_observations,
    queue,
    reasons,
    reviewable,
)
from server.observations.receiving import receive_photo
from server.observations.reviewing import accept, ask_more, decline
from server.observations.submitting import submit
from server.observations.wording import status_words, steps

__all__ = [
    "Place",
    "SubmitObservation",
    "accept",
    "amend",
    "ask_more",
    "by_receipt",
    "decline",
    "develop",
    "history",
    "naming",
    "observation_reviewed_by",
    "own_observation",
    "own_observations",
    "queue",
    "reasons",
    "receive_photo",
    "reviewable",
    "status_words",
    "steps",
    "submit",
    "withdraw",
]
