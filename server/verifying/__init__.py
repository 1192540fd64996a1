"""Recomputes the ledger and finds any planted change: `python -m server.verifying [--anchors FILE] [--storage URL]`.

Shares no code with the server and needs only SELECT, no keys: an auditor runs it on a restored copy. It prints
table, row and event of every difference, but never a value, a salt or an actor.
"""

from server.verifying.findings import Progress, Result
from server.verifying.verifying import examine, verify

__all__ = ["Progress", "Result", "examine", "verify"]
