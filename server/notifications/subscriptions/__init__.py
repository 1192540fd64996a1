"""Subscriptions: which messages a person is asked to allow at which tap, and their answers."""

from server.notifications.subscriptions.asking import asked_now
from server.notifications.subscriptions.hearing import hear
from server.notifications.subscriptions.moments import Moment
from server.notifications.subscriptions.noting import Outcome, note, write_down_heard
from server.notifications.subscriptions.telling import SubscriptionTruth, truth_of

__all__ = [
    "Moment",
    "Outcome",
    "SubscriptionTruth",
    "asked_now",
    "hear",
    "note",
    "truth_of",
    "write_down_heard",
]
