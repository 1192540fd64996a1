"""The three fields of a message, cut to what WeChat accepts: a `thing` has at most 20 characters. Pure."""

from collections.abc import Sequence
from datetime import datetime

from models import LedgerItem, SubscribeMessage
from server.kernel.clock import SHANGHAI

LONGEST_THING = 20
DIGEST = ("您的上报有新消息", "请打开小程序查看")


def about_item(item: LedgerItem) -> str:
    """Name an item by its number, because its title may hold a citizen's words, which WeChat must not get."""
    return cut(f"编号{item.number_text}")


def cut(words: str) -> str:
    """Cut words to what WeChat's field `thing` accepts."""
    return words if len(words) <= LONGEST_THING else words[: LONGEST_THING - 1] + "…"


def data_of(batch: Sequence[SubscribeMessage], *, fields: Sequence[str]) -> dict[str, str]:
    """Return what one message says of one matter or of many; `fields` are the template's names, in order."""
    newest = max(batch, key=lambda one: one.caused_at)
    what, about = newest.title, newest.about
    if len(batch) > 1:
        what, about = f"您有{len(batch)}条新消息", "请打开小程序逐条查看"
    here = newest.caused_at.astimezone(SHANGHAI)
    return dict(zip(fields, (what, about, _moment(here)), strict=True))


def digest_data(at: datetime, *, fields: Sequence[str]) -> dict[str, str]:
    """Return what the day's digest says: that there is news, without any report's details."""
    return dict(zip(fields, (*DIGEST, _moment(at.astimezone(SHANGHAI))), strict=True))


def _moment(here: datetime) -> str:
    """Format a moment in a way that both `time` and `date` accept."""
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
