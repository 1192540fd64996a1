"""What every program of the rig begins with: all modules imported and all page templates compiled."""

from server.commands import migrate, serve, worker
from server.web.console import pages
from tests.rig import accepting, altered, founding, founding_desks

__all__ = ["accepting", "altered", "founding", "founding_desks", "migrate", "serve", "worker"]

pages.warm()
