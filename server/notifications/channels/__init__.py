"""Channels: a reminder that was not read in time goes on by subscribe message, mail and other ways (REM-03, 06, 08)."""

from server.notifications.channels.following import find_followers
from server.notifications.channels.hearing import hear, mark_opened
from server.notifications.channels.sending import deliver, send_due, send_unknown_again

__all__ = ["deliver", "find_followers", "hear", "mark_opened", "send_due", "send_unknown_again"]
