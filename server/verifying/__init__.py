"""Recomputes the ledger and finds any planted change: `python -m server.verifying [--anchors FILE] [--storage URL]`.

Shares no code with the server and needs no more than SELECT, no keys: an auditor runs it on a restored copy. What it
prints tells table, row and deed of every difference, and never a value, a salt or who acted.
"""

from server.verifying.findings import Progress, Result
from server.verifying.verifying import examine, verify

__all__ = ["Progress", "Result", "examine", "verify"]
