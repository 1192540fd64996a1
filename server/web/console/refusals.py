"""Refusals that only the console gives, such as typed names that match nothing."""

from server.kernel.refusal import Refusal


class TaskNotOnList(Refusal):
    """No task in this year's list in force has the code that was typed."""

    status = 422
    message_zh = "任务清单里没有这一项。"
    hint_zh = "请从下拉列表里选择任务，或者留空，以后再补。"


class UnitNotKnown(Refusal):
    """No organisation has the name that was typed."""

    status = 422
    message_zh = "系统里没有这个单位。"
    hint_zh = "请从下拉列表里选择单位，或者留空，以后再补。"


class DayNotRead(Refusal):
    """The date in a row of a batch does not exist."""

    status = 422
    message_zh = "这一行的日期看不懂。"
    hint_zh = "请重新选择日期，或者留空。"


class SheetTooBig(Refusal):
    """The sheet is larger than 10 MB."""

    status = 413
    message_zh = "表格超过10MB，没有读取。"
    hint_zh = "请删去图片和用不到的工作表，另存后再上传。"


class BatchTooOld(Refusal):
    """The preview is more than a quarter of an hour old."""

    message_zh = "预览已过15分钟，没有办理。"
    hint_zh = "请重新预览，确认无误后再办理。"


class NotACitizen(Refusal):
    """Citizens register themselves through WeChat; nobody can be made one."""

    status = 422
    message_zh = "群众不用列入名册。"
    hint_zh = "请选择其他角色；群众用微信登录后就可以上报。"


class NumberNotInLedger(Refusal):
    """No visible item has the number that was typed."""

    status = 422
    message_zh = "台账里没有这个编号。"
    hint_zh = "请核对编号，写完整，例如照着台账列表抄写。"


class TitlesNotRight(Refusal):
    """A matter is split into two to nine, each with a title of 2 to 60 characters."""

    status = 422
    message_zh = "拆分要写2到9个标题，每行一个，每个2到60字。"
    hint_zh = "请修改后再提交。"


class RefusalNeedsWords(Refusal):
    """Refusing a request requires words that say why."""

    status = 422
    message_zh = "退回时要写明原因。"
    hint_zh = "请在意见里写清楚还缺什么，承办单位会看到。"
