"""What every program of the rig begins with: all modules imported and all page templates compiled."""

from server import migrating, serve, worker
from server.console import pages
from tests.rig import accepting, altered, founding, founding_desks

__all__ = ["accepting", "altered", "founding", "founding_desks", "migrating", "serve", "worker"]

pages.warm()
