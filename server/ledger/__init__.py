"""The ledger: an item is a matter under a number, to which everything else belongs."""

from server.ledger.actions import ACTIONS, ItemAction
from server.ledger.amending import amend, amended_fields, check_amend
from server.ledger.batching import Order, Outcome, Row, do_all, items_to_decide, not_to_find, preview
from server.ledger.closing import decide_close_out, request_close_out
from server.ledger.commands import EvidencePhoto, Result
from server.ledger.dispatching import acknowledge, deadline_for, dispatch, give_back, transfer
from server.ledger.evidence import missing_evidence
from server.ledger.extending import (
    ask_extension,
    decide_extension,
    extension_words,
    extensions_granted,
    why_no_extension,
)
from server.ledger.giving_back import returned_of
from server.ledger.item_view import ItemView, view_of
from server.ledger.joining import merge, re_register, split, take_back, void
from server.ledger.linking import link
from server.ledger.offering import action_named, actions_open_to, addressed, permissions_reaching
from server.ledger.outsiders import Dated, dated, registered_as_told, sees_sources, unsolved_as_told
from server.ledger.own_work import OwnWork, digest, first_work, own_work
from server.ledger.passing_on import count_open_of_unit, items_answered_for, pass_on_items
from server.ledger.pending import Pending, pending_of
from server.ledger.reading import (
    LedgerFilter,
    count_of,
    item_seen_by,
    lead_units,
    numbers_of,
    page_of,
    sees_item,
    wanted,
    years,
)
from server.ledger.rechecking import answer_recheck, ask_recheck, recheck_is_open, recheck_of
from server.ledger.recomputing import recompute_deadlines
from server.ledger.registering import NewItem, Origin, register
from server.ledger.relating import Relatives, item_numbered, relatives_of
from server.ledger.reporting import is_progress_alike, report_progress
from server.ledger.retaining import ask_retention, decide_retention, due_for_review, resume, retain
from server.ledger.showing import (
    Evidence,
    describe,
    evidence_of,
    evidence_seen_by,
    solution_of,
)
from server.ledger.states import ENDED, MACHINE
from server.ledger.status_light import LightStatus, light_of, light_status, with_light
from server.ledger.summing import OnTime, Summary, UnitSum, summary
from server.ledger.taking_over import OldItem, take_over, taken_over
from server.ledger.to_do import ToDo, waiting_for
from server.ledger.urging import check_postpone, postpone, remind
from server.ledger.viewing import LedgerView, counts_of, narrowed

__all__ = [
    "ACTIONS",
    "ENDED",
    "MACHINE",
    "Dated",
    "Evidence",
    "EvidencePhoto",
    "ItemAction",
    "ItemView",
    "LedgerFilter",
    "LedgerView",
    "LightStatus",
    "NewItem",
    "OldItem",
    "OnTime",
    "Order",
    "Origin",
    "Outcome",
    "OwnWork",
    "Pending",
    "Relatives",
    "Result",
    "Row",
    "Summary",
    "ToDo",
    "UnitSum",
    "acknowledge",
    "action_named",
    "actions_open_to",
    "addressed",
    "amend",
    "amended_fields",
    "answer_recheck",
    "ask_extension",
    "ask_recheck",
    "ask_retention",
    "check_amend",
    "check_postpone",
    "count_of",
    "count_open_of_unit",
    "counts_of",
    "dated",
    "deadline_for",
    "decide_close_out",
    "decide_extension",
    "decide_retention",
    "describe",
    "digest",
    "dispatch",
    "do_all",
    "due_for_review",
    "evidence_of",
    "evidence_seen_by",
    "extension_words",
    "extensions_granted",
    "first_work",
    "give_back",
    "is_progress_alike",
    "item_numbered",
    "item_seen_by",
    "items_answered_for",
    "items_to_decide",
    "lead_units",
    "light_of",
    "light_status",
    "link",
    "merge",
    "missing_evidence",
    "narrowed",
    "not_to_find",
    "numbers_of",
    "own_work",
    "page_of",
    "pass_on_items",
    "pending_of",
    "permissions_reaching",
    "postpone",
    "preview",
    "re_register",
    "recheck_is_open",
    "recheck_of",
    "recompute_deadlines",
    "register",
    "registered_as_told",
    "relatives_of",
    "remind",
    "report_progress",
    "request_close_out",
    "resume",
    "retain",
    "returned_of",
    "sees_item",
    "sees_sources",
    "solution_of",
    "split",
    "summary",
    "take_back",
    "take_over",
    "taken_over",
    "transfer",
    "unsolved_as_told",
    "view_of",
    "void",
    "waiting_for",
    "wanted",
    "why_no_extension",
    "with_light",
    "years",
]
