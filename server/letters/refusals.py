"""The refusals of letters."""

from server.kernel.refusal import Refusal


class NoLetterNow(Refusal):
    """The item is not with a unit, or not being worked on."""

    message_zh = "这件事目前的状态不能出具这种函件。"
    hint_zh = "交办单在分办以后出具，催办函在承办单位办理期间出具，请刷新后再看。"


class WrongLetterStep(Refusal):
    """The step is not legal in the letter's state; the legal ones are named."""

    message_zh = "这份函件目前的状态不能做这一步。"
    hint_zh = "请刷新后再操作。"


class DrafterMayNotSign(Refusal):
    """Nobody signs what they drafted; another person has to."""

    message_zh = "您是这份函件的起草人，不能由您签发。"
    hint_zh = "请交给另一位有签发权限的同志签发。"


class LadderSkipped(Refusal):
    """A step of the ladder is skipped without a reason (M09)."""

    status = 422
    message_zh = "这件事还没有发过上一级的函件，越级发函要写明理由。"
    hint_zh = "请先发提醒函，或者写明为什么直接发这一级的函件。"


class NoOfficial(Refusal):
    """The letter goes to the leading official, and the item's task has none."""

    message_zh = "这件事没有对应的牵头领导，不能出具这种函件。"
    hint_zh = "请先把台账关联到年度任务，并在任务里明确牵头领导。"


class UnitHasChanged(Refusal):
    """The item has gone to another unit since the letter was drafted."""

    message_zh = "起草以后，这件事已经转给其他单位。"
    hint_zh = "请作废这份函件，按现在的承办单位重新起草。"


class NoReplyAsked(Refusal):
    """The letter asks for no reply."""

    message_zh = "这份函件不要求书面反馈。"
    hint_zh = "请在事项里填报进展。"


class ReasonForVoid(Refusal):
    """A letter is voided or returned only with a reason."""

    status = 422
    message_zh = "请写明理由。"
    hint_zh = "理由会记入日志，文号保留，不再使用。"


class KindNotKnown(Refusal):
    """The city pack has no such kind of letter."""

    status = 422
    message_zh = "没有这种函件。"
    hint_zh = "请从列出的函件种类里选择。"


class LetterTemplateBroken(Refusal):
    """The office's Word template can't be filled."""

    message_zh = "函件的Word模板有错误，现在不能生成。"
    hint_zh = "请联系管理员检查模板文件；PDF不受影响，可以照常打开。"
    retry = "later"


class PaperFailed(Refusal):
    """The paper can't be set now."""

    status = 503
    message_zh = "函件版面暂时没有生成。"
    hint_zh = "请过一会儿再打开，内容和文号都已保存。"
    retry = "later"
