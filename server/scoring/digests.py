"""Digests that anybody can recompute: canonical JSON, ballots, and the fingerprint of a sealed round. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(value: object) -> bytes:
    """Return canonical JSON: keys sorted by code point, no spaces, plain UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(value: object) -> str:
    """Return the digest of a value's canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def ballot_digest(*, round_id: str, entry: str, salt: str, scores: Mapping[str, str]) -> str:
    """Return the digest of a ballot: without its judge, and without its group, because small groups are joined."""
    return sha256_of({"entry": entry, "salt": salt, "scores": dict(scores), "visit": round_id})


def fingerprint_of(export: Mapping[str, Any]) -> str:
    """Return the 封盘指纹, shown at the seal before the first score: 16 hexadecimal digits."""
    said = {
        key: export[key] for key in ("visit", "entries", "groups", "rule_digest", "digests", "not_counted")
    }
    said["where"] = sorted([one["digest"], one["group"]] for one in export["ballots"])
    mark = sha256_of(said)[:16].upper()
    return "-".join(mark[at : at + 4] for at in range(0, 16, 4))


def salt_from(nonce: bytes, ours: bytes) -> str:
    """Return a salt that neither the phone nor the server chose alone."""
    return hashlib.sha256(nonce + ours).hexdigest()[:32]
