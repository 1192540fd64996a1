"""The policies in force: what the office decided, and the city pack where it decided nothing."""

from dataclasses import dataclass
from typing import Any

import msgspec

from models import Policy
from server.packs import Categories, FourEyes, Promises, QuietHours, ReportLimits, city
from server.policies.kinds import kinds


@dataclass(frozen=True)
class Policies:
    """All policies as they are now; each field is named by its policy's code."""

    promises: Promises
    quiet_hours: QuietHours
    report_limits: ReportLimits
    categories: Categories
    four_eyes: FourEyes


async def in_force() -> Policies:
    """Return all policies in force, in one statement."""
    changed: dict[str, dict[str, Any]] = {one.code: one.content for one in await Policy.all()}
    ways = city()
    found: dict[str, Any] = {
        one.code: msgspec.convert(changed[one.code], one.shape) if one.code in changed else one.given(ways)
        for one in kinds()
    }
    return Policies(**found)
