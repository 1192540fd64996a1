"""Backups: base backup, write-ahead log and photo files, restored to a named second and proven by a drill (OPS-04)."""

from server.backups.checking import check
from server.backups.following import follow
from server.backups.restoring import Restored, restore
from server.backups.shelf import BackupFailed, Shelf
from server.backups.taking import take

__all__ = ["BackupFailed", "Restored", "Shelf", "check", "follow", "restore", "take"]
