"""The refusals of actions on team and missions, in the words that officials and members read."""

from server.kernel.refusal import Refusal


class AlreadyMember(Refusal):
    """The person is already a member."""

    message_zh = "这位同志已经在督察工作队里。"
    hint_zh = "请在队员名单中查看。"


class DeputyKindMissing(Refusal):
    """Deputies need one of the three kinds, which are not interchangeable; other members have none."""

    status = 422
    message_zh = "两代表一委员要写明是党代表、人大代表还是政协委员，其他来源不用写。"
    hint_zh = "请重新选择来源和代表类别。"


class NotTrained(Refusal):
    """A certificate needs a training that was passed within the last year."""

    message_zh = "近一年没有培训合格记录，不能发队员证。"
    hint_zh = "请先登记培训并考核合格。"


class BadTerm(Refusal):
    """A certificate ends after it begins, and at most three years later."""

    status = 422
    message_zh = "队员证的有效期不对，最长三年。"
    hint_zh = "请重新选择有效期截止日期。"


class NotCertified(Refusal):
    """Only members whose certificate is valid on the day of a mission are sent; the others are named."""

    message_zh = "有队员在任务当天没有有效的队员证，不能派出。"
    hint_zh = "请先安排培训并发证，或改派其他队员；未发证的同志仍可以群众身份随手拍上报。"


class NoSuchMember(Refusal):
    """The member is not in the teams of the mission's organisations."""

    status = 422
    message_zh = "选择的队员不存在，或不属于组织这次任务的单位。"
    hint_zh = "请从队员名单中重新选择。"


class NoSuchPartner(Refusal):
    """The other organisation of a joint mission is missing or is the organiser itself."""

    status = 422
    message_zh = "联合督察的另一家单位不存在，或者就是本单位。"
    hint_zh = "请重新选择联合单位。"


class MissionTooLong(Refusal):
    """A mission must fit into one call of a phone."""

    status = 422
    message_zh = "检查项太多，手机一次装不下。"
    hint_zh = "一次任务最多120个检查项，请拆成两次任务。"


class DayIsOver(Refusal):
    """A mission must be planned for today or later."""

    status = 422
    message_zh = "任务日期不能早于今天。"
    hint_zh = "请重新选择日期。"


class NotAccepted(Refusal):
    """A member must accept a mission before they answer or finish it."""

    message_zh = "您还没有接受这项任务。"
    hint_zh = "请先点“接受任务”，再填写检查项。"


class AnswerIncomplete(Refusal):
    """The answer does not fit its question; what is missing is named."""

    status = 422
    message_zh = "这个检查项没有填完整。"
    hint_zh = "请补充后再提交。"


class NoProposal(Refusal):
    """The answer did not fail, or has already been dealt with."""

    message_zh = "这个检查项没有待处理的问题建议。"
    hint_zh = "请刷新列表。"
