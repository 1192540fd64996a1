"""Subscriptions: which messages a person is asked to allow at which tap, and what he answered."""

from server.subscriptions.asking import asked_now
from server.subscriptions.hearing import hear
from server.subscriptions.moments import Moment
from server.subscriptions.noting import Outcome, note, write_down_heard

__all__ = ["Moment", "Outcome", "asked_now", "hear", "note", "write_down_heard"]
