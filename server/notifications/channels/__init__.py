"""Channels: a reminder that was not read in time goes on by subscribe message, mail and other ways (REM-03, 06, 08)."""

from server.notifications.channels.sending import deliver, send_due, send_unknown_again

__all__ = ["deliver", "send_due", "send_unknown_again"]
