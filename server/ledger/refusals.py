"""Why a step on a ledger item can be refused, in the words officials read."""

from server.kernel.refusal import Refusal


class AskerMayNotDecide(Refusal):
    """Requesters can't decide on their own request (M09 AT2)."""

    status = 403
    message_zh = "申请的人不能审核自己的申请。"
    hint_zh = "请由其他同志审核。"


class EvidenceMissing(Refusal):
    """Some kinds of evidence that the category requires are missing; they are named."""

    status = 422
    message_zh = "佐证材料不齐，还不能申请销号。"
    hint_zh = "请补齐缺少的材料后再提交。"


class DateNotAhead(Refusal):
    """A deadline or review date must be in the future."""

    status = 422
    message_zh = "日期要晚于今天。"
    hint_zh = "请重新选择日期。"


class DeadlineNeedsReason(Refusal):
    """Changing an item's deadline needs a reason."""

    status = 422
    message_zh = "这件事已经有办理期限，改动期限要写明理由。"
    hint_zh = "请写明改期的理由；不改期的，沿用原来的期限。"


class ExtensionTooLate(Refusal):
    """An extension must be requested before the deadline (LED-07)."""

    message_zh = "已经过了办理期限，不能再申请延期。"
    hint_zh = "请尽快办理，并在进展里说明逾期原因；确需调整期限的，由改革办决定。"


class ReasonNotChosen(Refusal):
    """Giving something back needs a reason of the catalogue that is in use."""

    status = 422
    message_zh = "没有选择退回理由，或者所选的理由已经停用。"
    hint_zh = "请从列表里选一条理由，需要说明的再写几句，然后提交。"


class NotAUnit(Refusal):
    """The organisation named can't be given work."""

    status = 422
    message_zh = "选择的承办单位不存在。"
    hint_zh = "请从单位列表中重新选择。"


class OpenChildren(Refusal):
    """A parent can close only after its children (LED-09)."""

    message_zh = "拆分出的事项还没有全部销号，不能销号。"
    hint_zh = "请先办结下列事项。"


class FixedOnceDispatched(Refusal):
    """Kind, task and unit of an item can't change after its dispatch."""

    message_zh = "这件事已经分办，类别、任务和牵头单位不能再改。"
    hint_zh = "要换承办单位，请在这一件的页面上转办。"


class NextStepMissing(Refusal):
    """An item that is overdue or behind its plan needs a next step in each progress report (LED-06)."""

    status = 422
    message_zh = "进度落后，还没有写下一步怎么办。"
    hint_zh = "请写明下一步由谁、什么时候、做什么，再提交。"


class AlreadyLinked(Refusal):
    """The two items are linked already, or are one and the same."""

    message_zh = "这两件事已经关联，或者就是同一件。"
    hint_zh = "请核对编号。"


class VoidedByTheSame(Refusal):
    """Voiding takes two people, and this one has proposed it (REV-04)."""

    status = 403
    message_zh = "作废要两人同意，您已经提出过。"
    hint_zh = "请由另一位同志打开这一件，点“作废”同意。"


class RegisteredAhead(Refusal):
    """A matter of an older ledger cannot have been registered in the future."""

    status = 422
    message_zh = "挂号日期晚于今天。"
    hint_zh = "请核对旧台账上的日期。"


class TakenOverBefore(Refusal):
    """The same line of an older ledger already has a number."""

    message_zh = "这一件已经接入过。"
    hint_zh = "要修改的，请从台账导出后在那一行里改。"


class RecheckNeedsWords(Refusal):
    """Reporting a matter as unsolved needs a text that says what is still wrong."""

    status = 422
    message_zh = "还没有写现场看到了什么。"
    hint_zh = "请用一句话写明哪里没解决，再提交。"


class RecheckOver(Refusal):
    """The ten working days for an answer are over, or it was answered."""

    message_zh = "回访已经结束，不能再修改。"
    hint_zh = "如果问题仍然存在，请重新拍照上报，并写上原来的编号。"
