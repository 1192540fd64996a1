"""Deeds as the console tells them: as the office does everywhere."""

from server.notifications.inbox.telling_deeds import OFFICE_DEEDS, Told, tell, what

__all__ = ["OFFICE_DEEDS", "Told", "tell", "what"]
