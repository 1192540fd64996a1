"""The refusal of a letter."""

from server.kernel.refusal import Refusal


class NoLetterNow(Refusal):
    """The item is not with a unit, or not being worked on."""

    message_zh = "这件事目前的状态不能出具这种函件。"
    hint_zh = "交办单在分办以后出具，催办函在承办单位办理期间出具，请刷新后再看。"
