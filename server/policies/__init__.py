"""Policies: the office's rules as data, with their history and a dry run on last month's data (ADM-05)."""

from server.policies.changing import NewPolicy, PolicyNotUsable, StalePolicy, change_policy
from server.policies.in_force import Policies, in_force
from server.policies.kinds import PolicyKind, kind_named, kinds
from server.policies.reading import PastPolicy, PolicyNow, history_of, policies_now, policy_now
from server.policies.trials import try_policy

__all__ = [
    "NewPolicy",
    "PastPolicy",
    "Policies",
    "PolicyKind",
    "PolicyNotUsable",
    "PolicyNow",
    "StalePolicy",
    "change_policy",
    "history_of",
    "in_force",
    "kind_named",
    "kinds",
    "policies_now",
    "policy_now",
    "try_policy",
]
