"""The refusals of changes to the catalogue."""

from server.kernel.refusal import Refusal


class StaleReason(Refusal):
    """The reason has changed since it was shown."""

    message_zh = "这条理由刚刚被别人改过。"
    hint_zh = "请刷新页面，看过现在的内容再改。"


class ReasonExists(Refusal):
    """Two reasons of one use would look alike in the list."""

    message_zh = "同一类里已经有这个名称的理由。"
    hint_zh = "请换一个名称，或者直接修改、恢复已有的那一条。"


class LastReason(Refusal):
    """Without any reason, nobody could decline or ask for more."""

    message_zh = "这是这一类里最后一条在用的理由，不能停用。"
    hint_zh = "请先添加另一条，再停用这一条。"
