"""The reasons why a person can't leave yet or a unit can't be closed."""

from server.kernel.refusal import Refusal


class WorkWouldBeOrphaned(Refusal):
    """Items or tasks would be left without a commissioner or a leading official."""

    status = 409
    message_zh = "还有工作没有交接。"
    hint_zh = "请先打开“交接工作”，选好接手的人。"


class SuccessorNotFit(Refusal):
    """The successor does not hold the duty today, or belongs to a unit other than that of the work."""

    status = 422
    message_zh = "选择的人不能接手这些工作。"
    hint_zh = "接手事项的人要是同一单位的改革专员，接手任务的人要有同样的职责。"


class LastAdministrator(Refusal):
    """Nobody else could manage people and sign in on the console any more."""

    status = 409
    message_zh = "这是最后一位能管理组织与人员的同志。"
    hint_zh = "请先给另一位同志增加“系统管理员”职责并开通办公台账号。"


class UnitStillNeeded(Refusal):
    """People, work or other units still depend on the unit."""

    status = 409
    message_zh = "这个单位还不能撤销。"
    hint_zh = "请先把人员、事项、任务和下级单位转到别的单位。"


class DutyEnded(Refusal):
    """The duty is not in force today."""

    status = 409
    message_zh = "这项职责现在没有生效。"
    hint_zh = "请刷新页面查看。"


class LeftAlready(Refusal):
    """The person has already left."""

    status = 409
    message_zh = "这位同志已经离任。"
    hint_zh = "请刷新页面查看。"
