"""The refusals of steps on a case, in the words that officials read."""

from server.kernel.refusal import Refusal


class NarrowAudience(Refusal):
    """Fewer than five people could have reported, so the unit might guess the reporter; the number is named."""

    message_zh = "可能的上报人太少，承办单位有可能猜出是谁。"
    hint_zh = "可以过几天再转、与其他反映合并，或者征得上报人同意；确需转办的，请写明理由。"


class ReportersWords(Refusal):
    """The summary repeats the reporter's own words, which could identify them; the passage is named."""

    status = 422
    message_zh = "摘要里照抄了上报人的原话。"
    hint_zh = "请用改革办自己的话重新概括，再提交。"


class NoUnitYet(Refusal):
    """The item is not dispatched yet, so no unit can be told."""

    message_zh = "这件事还没有分办给单位，不能转办。"
    hint_zh = "请先分办，再编写转办件。"


class CaseExists(Refusal):
    """Each unit gets one case per round of an item."""

    message_zh = "这件事已经有转办件了。"
    hint_zh = "请在转办件列表中查看；尚未转出的可以先撤回再重写。"


class SeenAhead(Refusal):
    """The date of the observation must lie in the past."""

    status = 422
    message_zh = "发现日期不能晚于今天。"
    hint_zh = "请重新选择日期。"


class NotItsPicture(Refusal):
    """The picture is not from this item's reports, or can't be shown."""

    status = 422
    message_zh = "选择的照片不属于这件事，或者还不能查看。"
    hint_zh = "请从这件事的照片中重新选择。"


class PictureNotPassed(Refusal):
    """The picture has not passed its content check, or somebody has hidden it (REV-01)."""

    status = 422
    message_zh = "选择的照片还没有通过内容安全检查，不能转给单位。"
    hint_zh = "请先在“内容安全”里决定这张照片能不能给他人看，再编写转办件。"


class PhotosForNobody(Refusal):
    """Photos are released to the unit that gets the item, so a unit is required."""

    status = 422
    message_zh = "选了转给单位的照片，还没有分办给单位。"
    hint_zh = "请选择承办单位并同时分办，或者不选照片。"


class NoWordsForUnit(Refusal):
    """Photos without the office's words would leave the unit guessing."""

    status = 422
    message_zh = "转出照片要写情况说明，至少5个字。"
    hint_zh = "请用改革办自己的话写给单位，不照抄上报人的原话。"


class WrongCaseStep(Refusal):
    """The step is not legal in the case's state; the legal ones are named."""

    message_zh = "这份转办件目前的状态不能做这一步。"
    hint_zh = "请刷新后再操作。"
