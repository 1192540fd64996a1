"""Drafts: what a phone holds before it sends, and the pictures in it."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image

WORDS = "路口坑槽一周未修井盖松动路灯不亮公厕缺水台阶破损指示牌脱落窗口排队太久材料要交三遍"
KINDS = ["problem", "help_request", "good_practice"]
WRITTEN_AT = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Draft:
    """One report, kept until acknowledged. `receipts` and `kept` are what the server has acknowledged."""

    client_id: str
    person_id: str
    token: str
    body: dict[str, Any]
    pictures: dict[str, bytes]
    receipts: list[dict[str, Any]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        return f"/api/v1/observations/{self.client_id}"


def a_draft(member: dict[str, str], *, dice: random.Random, pictures: int | None = None) -> Draft:
    """Return a report with one to three pictures, or the given number."""
    taken: dict[str, bytes] = {}
    for _ in range(pictures or dice.randint(1, 3)):
        picture = a_picture(dice)
        taken[hashlib.sha256(picture).hexdigest()] = picture
    return Draft(
        client_id=str(UUID(int=dice.getrandbits(128), version=4)),
        person_id=member["person_id"],
        token=member["token"],
        body=a_body(taken, dice=dice),
        pictures=taken,
    )


def a_body(pictures: dict[str, bytes], *, dice: random.Random) -> dict[str, Any]:
    """Return a body as phones send it: some with a place, some without."""
    place = {"latitude": 38.0 + dice.random(), "longitude": 106.0 + dice.random(), "datum": "gcj02"}
    place |= {"source": "gps", "accuracy_m": float(dice.randint(1, 80)), "name": "北京路"}
    return {
        "kind": dice.choice(KINDS),
        "text": "".join(dice.choices(WORDS, k=dice.randint(1, 300))),
        "anonymity": dice.choice(["named", "hidden"]),
        "written_at": WRITTEN_AT,
        "place": place if dice.random() < 0.8 else None,
        "photos": [{"sha256": digest, "bytes": len(data)} for digest, data in pictures.items()],
    }


def a_picture(dice: random.Random) -> bytes:
    """Return a small unique JPEG."""
    image = Image.frombytes("RGB", (24, 18), dice.randbytes(24 * 18 * 3)).resize((96, 72))
    out = BytesIO()
    image.save(out, "JPEG", quality=dice.randint(60, 95))
    return out.getvalue()
