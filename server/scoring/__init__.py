"""Scoring: rubrics, ballots, aggregation, locking and results. Knows nothing of places, visits, pilots or contests."""

from server.scoring.aggregation import EntryResult, Step, Vote, ranking
from server.scoring.digests import ballot_digest, fingerprint_of
from server.scoring.exporting import AnonymousBallot, Entry, NotCounted, Sealed, export_of, recomputed
from server.scoring.harshness import Harshness
from server.scoring.revealing import RevealStep, reveal_script
from server.scoring.rules import Anchor, Criterion, Group, Rules, Scale, TableRow, faults_of, snapshot_of
from server.scoring.score_sheets import score_sheet
from server.scoring.signals import identical, straight_lining

__all__ = [
    "Anchor",
    "AnonymousBallot",
    "Criterion",
    "Entry",
    "EntryResult",
    "Group",
    "Harshness",
    "NotCounted",
    "RevealStep",
    "Rules",
    "Scale",
    "Sealed",
    "Step",
    "TableRow",
    "Vote",
    "ballot_digest",
    "export_of",
    "faults_of",
    "fingerprint_of",
    "identical",
    "ranking",
    "recomputed",
    "reveal_script",
    "score_sheet",
    "snapshot_of",
    "straight_lining",
]
