"""What a message says: one matter by its number, or several by their count; never what anybody wrote. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import Delivery, Reminder
from models.vocabulary import Urgency
from server.notifications.wechat_messages.purposes import INBOX
from server.notifications.wechat_messages.wording import cut
from server.reminders.subjects import kind_named

WORTH = list(Urgency)


@dataclass(frozen=True)
class Message:
    """A message as a channel sends it: its key for the other side, what, about what, and the page behind it."""

    key: str
    title: str
    about: str
    page: str
    is_must: bool  # somebody has to acknowledge it: an unknown outcome may be sent once more


def message_of(delivery: Delivery, reminders: Sequence[Reminder]) -> Message:
    """Return what a delivery says of its reminders."""
    first = max(reminders, key=lambda one: (WORTH.index(one.urgency), one.offset, str(one.id)))
    is_must = first.urgency in (Urgency.LETTER, Urgency.URGENT)
    if len(reminders) == 1:
        kind = kind_named(first.kind)
        here = f"{kind.page}?id={first.subject_id}&m={delivery.id}" if kind and kind.page else INBOX
        return Message(str(delivery.id), first.short, cut(f"编号{first.number}"), here, is_must)
    late = sum(one.offset > 0 for one in reminders)
    today = sum(one.offset == 0 for one in reminders)
    counted = "，".join(
        f"{count}件{words}" for count, words in ((late, "已逾期"), (today, "今天到期")) if count
    )
    about = cut(counted or "请打开小程序查看")
    return Message(str(delivery.id), f"您有{len(reminders)}件事项要办", about, INBOX, is_must)
