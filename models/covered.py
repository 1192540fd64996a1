"""The tables that carry evidence: the ledger commits to each change of them (decision 0020).

Each table is listed with those of its columns that lie apart: what changes without an action, and what names a
reporter. Add every new table that carries evidence; `scripts/migrate` covers it, and covers again what a migration
has altered. Tables of persons, sessions, inboxes, quotas, idempotency keys or jobs are never covered: the ledger would
forever link what one transaction wrote. Covered tables have a primary key `id`.
"""

from collections.abc import Mapping

OF_THE_LEDGER_ITSELF = "ledger.erasure"

# WeChat's verdict on a content and when to ask again; a person's decision is covered.
MACHINES_WORDS = (
    *("state", "unjudged", "label", "due_at", "asked_at", "attempts", "unanswered", "trace_id", "fetches"),
    *("answered_at", "version", "is_current"),
)

# The condition for a row `r` to be covered. Becoming a citizen is no action, and its time is stored nowhere; a
# sealed report's rows are covered when it is entered, or its block would reveal the half second it came in.
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
    "item_link": (),
    "number_series": (),
    "progress_report": (),
    "close_out_request": (),
    "extension": (),
    "retention_request": (),
    "giving_back": (),
    "letter": (),
    "letter_reply": (),
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
    "score_round": (),  # never the ballots: the ledger would keep their order (decision 0024)
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
    "reminder_rule": (),
    "reminder_rule_version": (),
    "policy": (),
    "policy_version": (),
    "cadence_rule": (),
    "cadence_rule_version": (),
    "obligation": (),
    "proof": (),
    "file_line": (),
    "meeting": (),
    "meeting_decision": (),
    "month_report": (),
    "topic_call": (),
    "topic_answer": (),
    "media_item": (),
    "coordination_request": (),
    "calendar_notice": (),
    "calendar_day": (),
    "organisation": ("search_text",),
    "duty": (),
    "console_login": ("totp_sealed", "totp_last_step"),
}
