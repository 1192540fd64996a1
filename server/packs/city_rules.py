"""The rules that a city keeps as data: what its pack says holds until the office changes it (ADM-05)."""

from datetime import time
from typing import Annotated

from msgspec import Meta

from models.vocabulary import EvidenceKind, Role
from server.packs.entry import Entry

NEAR_M = 250


class Promises(Entry, frozen=True):
    """The number of working days within which a reporter gets an answer."""

    review_days: Annotated[int, Meta(ge=1, le=30, title="几个工作日内答复上报人")] = 1


class QuietHours(Entry, frozen=True):
    """No push messages are sent between these times, from evening to morning."""

    starts: Annotated[time, Meta(title="晚上几点以后不推送")] = time(22, 0)
    ends: Annotated[time, Meta(title="早上几点以后恢复推送")] = time(7, 30)


class ReportLimits(Entry, frozen=True):
    """How many reports one person may send (SUB-16)."""

    newcomer_days: Annotated[int, Meta(ge=0, le=60, title="头几天算新上报人")] = 7
    newcomer_per_hour: Annotated[int, Meta(ge=1, le=100, title="新上报人每小时")] = 5
    newcomer_per_day: Annotated[int, Meta(ge=1, le=500, title="新上报人每天")] = 5
    per_hour: Annotated[int, Meta(ge=1, le=100, title="群众每小时")] = 10
    per_day: Annotated[int, Meta(ge=1, le=500, title="群众每天")] = 30
    member_per_hour: Annotated[int, Meta(ge=1, le=500, title="督察队员和其他有职责的人每小时")] = 60
    member_per_day: Annotated[int, Meta(ge=1, le=1000, title="督察队员和其他有职责的人每天")] = 300


class Category(Entry, frozen=True, kw_only=True):
    """What reports are about, as the city sorts them (SUB-01).

    `words` are looked for in a report to propose the category. Reports within `alike_m` metres may tell of the same
    matter (SUB-12). `evidence` is needed to close a matter; empty: what its kind needs (LED-08).
    """

    code: Annotated[str, Meta(pattern="^[a-z0-9_]{1,24}$")]
    label: Annotated[str, Meta(min_length=2, max_length=12, title="名称")]
    hint: Annotated[str, Meta(max_length=20, title="提示上报人写什么")] = ""
    words: Annotated[tuple[str, ...], Meta(max_length=20, title="文字里有这些词就建议")] = ()
    text_only: Annotated[bool, Meta(title="可以不拍照片，只写文字")] = False
    alike_m: Annotated[int, Meta(ge=10, le=5000, title="多少米以内可能是同一件事")] = NEAR_M
    evidence: Annotated[tuple[EvidenceKind, ...], Meta(max_length=3, title="申请销号要有的佐证")] = ()
    is_on: Annotated[bool, Meta(title="上报时可以选")] = True


class Categories(Entry, frozen=True):
    """The city's categories, in the order in which phones show them."""

    all: Annotated[tuple[Category, ...], Meta(max_length=16)] = ()

    def named(self, code: str | None) -> Category | None:
        """Return the category with this code, also one that is not offered any more."""
        return next((one for one in self.all if one.code == code), None)

    def near_m(self, code: str | None) -> int:
        """Return within how many metres reports of a category may tell of the same matter."""
        found = self.named(code)
        return found.alike_m if found else NEAR_M


class FourEyes(Entry, frozen=True):
    """Which decisions take two people (REV-04); opening a sealed identity always does."""

    decline_from: Annotated[
        tuple[Role, ...], Meta(max_length=11, title="不予采纳这些人的上报，要两人同意")
    ] = (Role.DEPUTY,)
    void: Annotated[bool, Meta(title="作废台账事项，要两人同意")] = True
