"""WeChat's failures in the terms of every channel, by the table of outcomes (R4.3). Pure."""

from server.gateways.sending import (
    AddresseeRefused,
    MessageRefused,
    NotSent,
    OutcomeNotKnown,
    QuotaUsedUp,
    TryLater,
)
from server.gateways.wechat import OutcomeUnknown, QuotaSpent, ReceiverRefused, WeChatBusy, WeChatError

TERMS: tuple[tuple[type[WeChatError], type[NotSent]], ...] = (
    (WeChatBusy, TryLater),
    (QuotaSpent, QuotaUsedUp),
    (ReceiverRefused, AddresseeRefused),
    (OutcomeUnknown, OutcomeNotKnown),
)


def in_terms_of_channels(error: WeChatError) -> NotSent:
    """Return a channel's error for WeChat's; what is not in the table is a fault of ours."""
    ours = next((ours for theirs, ours in TERMS if isinstance(error, theirs)), MessageRefused)
    return ours(str(error), errcode=error.errcode)
