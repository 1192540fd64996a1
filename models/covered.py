"""Which tables carry evidence: each change of them is committed to by the ledger (decision 0020).

A table stands beside those of its columns that lie apart: what changes without a deed, and what names a reporter.
Whoever adds a table that carries evidence adds it here; `scripts/migrate` covers it, and covers anew what a migration
has altered. A table of persons, sessions, inboxes, quotas, idempotency keys or jobs is never covered: the ledger would
join for ever what one transaction wrote. Covered tables have a primary key `id`.
"""

from collections.abc import Mapping

OF_THE_LEDGER_ITSELF = "ledger.erasure"

# What WeChat says of a content and when it is asked again; what a person decides is covered.
MACHINES_WORDS = (
    *("state", "unjudged", "label", "due_at", "asked_at", "attempts", "unanswered", "trace_id", "fetches"),
    *("answered_at", "version", "is_current"),
)

# What must be true of a row `r` to be covered: becoming a citizen is no deed, and its moment is kept nowhere; what a
# sealed report brings is covered when it is entered, or its block would tell the half second in which it came.
OF_ROWS: Mapping[str, str] = {
    "duty": "r.role <> 'citizen'",
    "manifest_line": "r.is_entered",
    "photo": "r.is_entered",
}

COVERED: Mapping[str, tuple[str, ...]] = {
    OF_THE_LEDGER_ITSELF: (),
    "journal_entry": (),
    "journal_actor": (),
    "observation": ("claimed_by_id", "claimed_until", "reporter_wrote_at"),
    "observation_revision": (),
    "thread_message": (),
    "recheck": (),
    "manifest_line": (),
    "photo": ("claims_sealed", "fingerprint", "time_outs", "turn", "unnamed_key"),
    "rendition": (),
    "redaction": (),
    "content_check": MACHINES_WORDS,
    "ledger_item": ("search_text",),
    "number_series": (),
    "progress_report": (),
    "close_out_request": (),
    "extension": (),
    "retention_request": (),
    "giving_back": (),
    "letter": (),
    "old_entry": (),
    "unit_case": (),
    "case_picture": (),
    "case_answer": (),
    "problem": ("search_text",),
    "problem_source": (),
    "agenda_entry": (),
    "annual_task_list": (),
    "reform_task": (),
    "mission": (),
    "mission_stop": (),
    "mission_member": (),
    "checklist_question": (),
    "checklist_answer": (),
    "training_record": (),
    "certificate": (),
    "score_round": (),  # ballots never: the ledger would keep their order (decision 0024)
    "score_entry": (),
    "score_judge": (),
    "recusal": (),
    "score_exclusion": (),
    "score_signal": (),
    "round_ask": (),
    "score_result": (),
    "named_ballot": (),
    "assessment_feed": (),
    "site_visit": (),
    "visit_stop": ("key_sealed",),
    "visit_observer": (),
    "check_in": ("device_mark",),  # never the board: its versions would keep the order of ballots
    "keyset": (),
    "escrow_opening": (),
    "reason": (),
    "reason_version": (),
    "template": (),
    "template_version": (),
    "calendar_notice": (),
    "calendar_day": (),
    "organisation": ("search_text",),
    "duty": (),
    "console_login": ("totp_sealed", "totp_last_step"),
}
