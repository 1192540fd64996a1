"""Why a step in a scoring round can be refused, in the words that judges and staff read."""

from server.kernel.refusal import Refusal


class BadRules(Refusal):
    """The rules can't produce a result; each fault is named."""

    status = 422
    message_zh = "评分规则还不能公布。"
    hint_zh = "请按提示修改后再公布。"


class BadScores(Refusal):
    """A score is not allowed by the rules; scores are never clamped or rounded."""

    status = 422
    message_zh = "有的分数不在规定的范围内。"
    hint_zh = "请按评分细则的范围和间隔重新填写。"


class ScoresMissing(Refusal):
    """A ballot must be complete when submitted; the criteria without a score are named."""

    status = 422
    message_zh = "还有评分项没有打分。"
    hint_zh = "请把每一项都打上分，再提交。"


class CommentMissing(Refusal):
    """A low score needs a comment."""

    status = 422
    message_zh = "打了低分，还没有写意见。"
    hint_zh = "请写一句为什么，再提交。"


class WrongRoundStep(Refusal):
    """The step is not legal in the round's state; the legal ones are named."""

    message_zh = "这轮打分目前的状态不能做这一步。"
    hint_zh = "请刷新后再操作。"


class RulesInUse(Refusal):
    """Rules can't change once a ballot was written under them."""

    message_zh = "已经有人开始打分，规则不能再改。"
    hint_zh = "确需修改的，请两人同意作废本轮，重新公布规则后再评。"


class NoReason(Refusal):
    """A decision about somebody's ballots needs a reason that can be read later."""

    status = 422
    message_zh = "没有写明理由。"
    hint_zh = "请写一句理由，再提交。"


class UnknownGroup(Refusal):
    """The group is not in the rules."""

    status = 422
    message_zh = "评分规则里没有这个评审组。"
    hint_zh = "请从规则的评审组中选择。"


class NotAJudge(Refusal):
    """The person's duties don't allow them to judge."""

    status = 422
    message_zh = "这个人没有打分的职责。"
    hint_zh = "请先在“组织与人员”里给他改革观察员、两代表一委员或督察队员的职责。"


class BadWindow(Refusal):
    """An entry's window closes before it opens, or the lock comes before the windows end."""

    status = 422
    message_zh = "打分的时间安排前后矛盾。"
    hint_zh = "请检查：开始要早于结束，自动封盘不能早于最后一项结束。"


class Locked(Refusal):
    """The round does not accept ballots any more."""

    message_zh = "已经封盘，不能再提交或修改评分。"
    hint_zh = "您的评分留在手机里，没有计入；有疑问请联系组织单位。"


class OutsideWindow(Refusal):
    """The ballot was not written while its entry was open, or came more than a day later; the window is named."""

    message_zh = "不在这一项的打分时间内。"
    hint_zh = "请在开放时间内打分；当时已经打好的，结束后 24 小时内仍可送达。"


class PhoneClockAhead(Refusal):
    """The phone reports a time in the future."""

    status = 422
    message_zh = "手机的时间比实际快，不能确认打分时间。"
    hint_zh = "请在手机设置里打开“自动设置时间”，再提交一次，填写的内容没有丢。"


class SelfRecused(Refusal):
    """The judge is recused from this entry."""

    message_zh = "您需要回避这一项，不用打分。"
    hint_zh = "请继续给其他项打分；如果回避有误，请联系组织单位。"


class VersionBehind(Refusal):
    """Another phone of the same judge was faster; the current ballot is returned so that nothing is lost."""

    message_zh = "您在另一台手机上改过这张评分表。"
    hint_zh = "请比较两边的分数，选择要保留的再提交。"


class AlreadySubmitted(Refusal):
    """A submitted ballot can't become a draft again."""

    message_zh = "这张评分表已经提交，不能退回草稿。"
    hint_zh = "可以修改后再次提交；没有再提交的，以上次提交为准。"


class RoundKeyLost(Refusal):
    """Without the round's key a new tag could be a second ballot; earlier ballots still count."""

    status = 503
    message_zh = "打分暂时不能接收。"
    hint_zh = "您的评分留在手机里，请联系组织单位处理后再提交。"


class NotImpartial(Refusal):
    """Judges of the round and members of a scored unit can't decide about its lock."""

    status = 403
    message_zh = "您参加了打分或属于被评单位，不能办理这件事。"
    hint_zh = "请由没有参加打分、也不属于被评单位的同志办理。"


class SecondPersonNeeded(Refusal):
    """Two different persons are required."""

    message_zh = "需要另一位同志确认，不能自己确认自己的申请。"
    hint_zh = "请由另一位同志登录后确认。"


class NotCorrectable(Refusal):
    """After the seal only names, weights and the way of computing can be corrected; each fault is named."""

    status = 422
    message_zh = "密封以后不能这样更正。"
    hint_zh = "只能更正名称、权重和汇总方法；别的错误，请申请作废重评。"


class AskAnswered(Refusal):
    """The request was already confirmed, or the round has moved on."""

    message_zh = "这份申请已经办过，或者这轮打分已经进入下一步。"
    hint_zh = "请刷新后查看最新状态。"
