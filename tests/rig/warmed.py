"""Imported first by every program of the rig: all modules are loaded and all page templates compiled."""

from server.commands import migrate, serve, worker
from server.web.console import pages
from tests.rig import accepting, altered, founding, founding_desks

__all__ = ["accepting", "altered", "founding", "founding_desks", "migrate", "serve", "worker"]

pages.warm()
