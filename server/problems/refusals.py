"""The refusals of actions on problems, in the words that officials read."""

from server.kernel.refusal import Refusal


class NotYourBank(Refusal):
    """A bank is kept by its own organisation only."""

    status = 403
    message_zh = "这个问题库不由您所在的单位管理。"
    hint_zh = "请登记到本单位的问题库；需要市级协调的，研判后提请。"


class NoSuchSource(Refusal):
    """The named source is missing, out of the actor's reach, or has no name."""

    status = 422
    message_zh = "问题来源不存在，或不在您的查看范围内。"
    hint_zh = "请重新选择来源；会议、调研等来源请写明名称。"


class AlreadyTakenIn(Refusal):
    """The bank already has a problem from this source; its number is named."""

    message_zh = "这个来源已经归集过了。"
    hint_zh = "请在问题库中查看已有的问题。"


class NotForTheCity(Refusal):
    """Only problems triaged as needing the city go to the commission."""

    message_zh = "研判为“市级协调”的问题才能提请。"
    hint_zh = "请先重新研判，把解决层级改为“市级协调”。"


class DecidedAhead(Refusal):
    """A decision can be recorded only after the meeting."""

    status = 422
    message_zh = "会议日期不能晚于今天。"
    hint_zh = "请重新选择日期。"
