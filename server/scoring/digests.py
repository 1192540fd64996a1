"""Digests that anybody can recompute: canonical JSON, ballots, and the fingerprint of a sealed round. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(value: object) -> bytes:
    """Keys sorted by code point, no spaces, UTF-8 as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(value: object) -> str:
    """The digest of a value's canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def ballot_digest(*, round_id: str, entry: str, salt: str, scores: Mapping[str, str]) -> str:
    """The digest of a ballot: without its judge, and without the group, which small groups share."""
    return sha256_of({"entry": entry, "salt": salt, "scores": dict(scores), "visit": round_id})


def fingerprint_of(export: Mapping[str, Any]) -> str:
    """封盘指纹: what is shown at the seal, before the first score; 16 hexadecimal digits."""
    said = {
        key: export[key] for key in ("visit", "entries", "groups", "rule_digest", "digests", "not_counted")
    }
    said["where"] = sorted([one["digest"], one["group"]] for one in export["ballots"])
    mark = sha256_of(said)[:16].upper()
    return "-".join(mark[at : at + 4] for at in range(0, 16, 4))


def salt_from(nonce: bytes, ours: bytes) -> str:
    """A salt that neither phone nor server chose alone."""
    return hashlib.sha256(nonce + ours).hexdigest()[:32]
