"""Scoring: rubrics, ballots, aggregation, locking and results. Knows nothing of places, visits, pilots or contests."""

from server.scoring.aggregation import EntryResult, Step, Vote, ranking
from server.scoring.announcing import on_change
from server.scoring.correcting import ask_correction, changes_asked, rules_in_force
from server.scoring.deciding import decide_signal, exclude, flag, signals_of
from server.scoring.digests import ballot_digest, fingerprint_of
from server.scoring.exporting import AnonymousBallot, Entry, NotCounted, Sealed, export_of, recomputed
from server.scoring.harshness import Harshness
from server.scoring.judging import assign_judge, declare_conflict, excuse, judges_of, recuse
from server.scoring.locking import BeforeLock, ask, asks_of, before_lock, confirm, lock, lock_due
from server.scoring.own_ballots import OwnBallots, OwnProgress, counted_words, own_ballots, own_progress
from server.scoring.progress import EntryProgress, JudgeProgress, progress_by_entry, progress_by_judge
from server.scoring.publishing_rules import NewEntry, NewRound, change_rules, publish_rules
from server.scoring.results import (
    Computed,
    DigestList,
    Review,
    names_of,
    publish_result,
    published_comments,
    published_export,
    published_result,
    published_sheet,
    published_sheets,
    published_versions,
    review_of,
    script_of,
    sealed_digests,
    sealed_script,
)
from server.scoring.revealing import RevealStep, reveal_script
from server.scoring.round_keys import rewrap_keys
from server.scoring.rules import Anchor, Criterion, Group, Rules, Scale, TableRow, faults_of, snapshot_of
from server.scoring.saving import Receipt, SaveBallot, save_ballot
from server.scoring.score_sheets import score_sheet
from server.scoring.sealing import destroy_left_keys, seal
from server.scoring.signals import identical, straight_lining

__all__ = [
    "Anchor",
    "AnonymousBallot",
    "BeforeLock",
    "Computed",
    "Criterion",
    "DigestList",
    "Entry",
    "EntryProgress",
    "EntryResult",
    "Group",
    "Harshness",
    "JudgeProgress",
    "NewEntry",
    "NewRound",
    "NotCounted",
    "OwnBallots",
    "OwnProgress",
    "Receipt",
    "RevealStep",
    "Review",
    "Rules",
    "SaveBallot",
    "Scale",
    "Sealed",
    "Step",
    "TableRow",
    "Vote",
    "ask",
    "ask_correction",
    "asks_of",
    "assign_judge",
    "ballot_digest",
    "before_lock",
    "change_rules",
    "changes_asked",
    "confirm",
    "counted_words",
    "decide_signal",
    "declare_conflict",
    "destroy_left_keys",
    "exclude",
    "excuse",
    "export_of",
    "faults_of",
    "fingerprint_of",
    "flag",
    "identical",
    "judges_of",
    "lock",
    "lock_due",
    "names_of",
    "on_change",
    "own_ballots",
    "own_progress",
    "progress_by_entry",
    "progress_by_judge",
    "publish_result",
    "publish_rules",
    "published_comments",
    "published_export",
    "published_result",
    "published_sheet",
    "published_sheets",
    "published_versions",
    "ranking",
    "recomputed",
    "recuse",
    "reveal_script",
    "review_of",
    "rewrap_keys",
    "rules_in_force",
    "save_ballot",
    "score_sheet",
    "script_of",
    "seal",
    "sealed_digests",
    "sealed_script",
    "signals_of",
    "snapshot_of",
    "straight_lining",
]
