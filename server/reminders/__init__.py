"""Reminders: rules as data, one reminder for each deadline, offset, round and person, and the end of its cause."""

from server.reminders.at_once import remind_now, remind_of_moments
from server.reminders.checking import still_due
from server.reminders.opening import mark_opened
from server.reminders.own import OpenHours, TooQuiet, acknowledge_own, keep_quiet, open_reminders, setting_of
from server.reminders.people_reminded import holders_of, leads_of, reviewers_of, substitutes_of
from server.reminders.planner import plan_day, plan_if_due
from server.reminders.previewing import DayAhead, people_in, week_ahead
from server.reminders.reading import (
    Proof,
    count_of_trouble,
    deal_with,
    first_of,
    proof_of,
    proofs_of,
    reminders_of,
    reminders_sent,
    sent_in,
    troubled,
    troubled_events,
)
from server.reminders.rules import (
    CLIMBERS,
    NewRule,
    PastRule,
    Rule,
    RuleNotUsable,
    StaleRule,
    change_rule,
    check,
    history_of,
    rule_of,
    rules_in_force,
)
from server.reminders.standing_down import acknowledge, move, settle
from server.reminders.subjects import Kind, Matter, kinds, reminds_of
from server.reminders.wording import ReminderBlankNotKnown

__all__ = [
    "CLIMBERS",
    "DayAhead",
    "Kind",
    "Matter",
    "NewRule",
    "OpenHours",
    "PastRule",
    "Proof",
    "ReminderBlankNotKnown",
    "Rule",
    "RuleNotUsable",
    "StaleRule",
    "TooQuiet",
    "acknowledge",
    "acknowledge_own",
    "change_rule",
    "check",
    "count_of_trouble",
    "deal_with",
    "first_of",
    "history_of",
    "holders_of",
    "keep_quiet",
    "kinds",
    "leads_of",
    "mark_opened",
    "move",
    "open_reminders",
    "people_in",
    "plan_day",
    "plan_if_due",
    "proof_of",
    "proofs_of",
    "remind_now",
    "remind_of_moments",
    "reminders_of",
    "reminders_sent",
    "reminds_of",
    "reviewers_of",
    "rule_of",
    "rules_in_force",
    "sent_in",
    "setting_of",
    "settle",
    "still_due",
    "substitutes_of",
    "troubled",
    "troubled_events",
    "week_ahead",
]
