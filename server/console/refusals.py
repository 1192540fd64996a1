"""What only the console refuses: names typed into its forms that lead nowhere."""

from server.refusal import Refusal


class TaskNotOnList(Refusal):
    """No task of this year's list in force has the code that was typed."""

    status = 422
    message_zh = "任务清单里没有这一项。"
    hint_zh = "请从下拉列表里选择任务,或者留空,以后再补。"


class UnitNotKnown(Refusal):
    """No organisation has the name that was typed."""

    status = 422
    message_zh = "系统里没有这个单位。"
    hint_zh = "请从下拉列表里选择单位,或者留空,以后再补。"
