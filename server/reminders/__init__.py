"""Reminders: rules as data, one reminder for each deadline, offset, round and person, and the end of its cause."""

from server.reminders.checking import still_due
from server.reminders.opening import mark_opened
from server.reminders.people_reminded import holders_of, leads_of, reviewers_of, substitutes_of
from server.reminders.planner import plan_day, plan_if_due
from server.reminders.rules import (
    NewRule,
    PastRule,
    Rule,
    RuleNotUsable,
    StaleRule,
    change_rule,
    history_of,
    rule_of,
    rules_in_force,
)
from server.reminders.standing_down import acknowledge, move, settle
from server.reminders.subjects import Kind, Matter, kinds, reminds_of
from server.reminders.wording import BlankNotKnown

__all__ = [
    "BlankNotKnown",
    "Kind",
    "Matter",
    "NewRule",
    "PastRule",
    "Rule",
    "RuleNotUsable",
    "StaleRule",
    "acknowledge",
    "change_rule",
    "history_of",
    "holders_of",
    "kinds",
    "leads_of",
    "mark_opened",
    "move",
    "plan_day",
    "plan_if_due",
    "reminds_of",
    "reviewers_of",
    "rule_of",
    "rules_in_force",
    "settle",
    "still_due",
    "substitutes_of",
]
