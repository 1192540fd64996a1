"""Storage: bytes are kept complete under their content address, in a folder or a bucket, or not at all.

Nothing is visible under its address before every byte of it is on the disk; what a crash leaves behind
stays in the staging folder, and is swept.
"""

from server.gateways.storage.keeping import Storage
from server.gateways.storage.outcomes import DigestMismatch, DiskFull, Kept, Missing, StorageDown, TooLarge
from server.gateways.storage.parts import Parts

__all__ = ["DigestMismatch", "DiskFull", "Kept", "Missing", "Parts", "Storage", "StorageDown", "TooLarge"]
