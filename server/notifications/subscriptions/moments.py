"""Moments: the taps at which a question about messages is of use, and what will follow from each. Pure."""

from models.vocabulary import Word


class Moment(Word):
    """A tap at which a question is of use to the person."""

    REPORTED = "reported", "提交上报"
    HANDLED = "handled", "办理事项"
    REVIEWED = "reviewed", "审核上报"


# What follows from a tap, the most useful first; the names are those of the setting WECHAT_TEMPLATES.
PURPOSES: dict[Moment, tuple[str, ...]] = {
    Moment.REPORTED: ("report_answered", "recheck"),
    Moment.HANDLED: ("item_due", "item_decided"),
    Moment.REVIEWED: ("review_due",),
}
