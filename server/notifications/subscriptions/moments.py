"""Moments: the taps at which asking about messages is useful, and the messages that follow from each. Pure."""

from models.vocabulary import Word


class Moment(Word):
    """A tap at which asking is useful to the person."""

    REPORTED = "reported", "提交上报"
    HANDLED = "handled", "办理事项"
    REVIEWED = "reviewed", "审核上报"


# The messages that follow from a tap, most useful first, under the names in the setting WECHAT_TEMPLATES.
PURPOSES: dict[Moment, tuple[str, ...]] = {
    Moment.REPORTED: ("report_answered", "recheck"),
    Moment.HANDLED: ("item_due", "item_decided"),
    Moment.REVIEWED: ("review_due",),
}
