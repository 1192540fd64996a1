"""How a step in a scoring round can be refused, in the words that judges and staff read."""

from server.refusal import Refusal


class BadRules(Refusal):
    """The rules can't decide a result; each fault is named."""

    status = 422
    message_zh = "评分规则还不能公布。"
    hint_zh = "请按提示修改后再公布。"


class BadScores(Refusal):
    """A score that the rules don't allow; nothing is clamped or rounded."""

    status = 422
    message_zh = "有的分数不在规定的范围内。"
    hint_zh = "请按评分细则的范围和间隔重新填写。"


class ScoresMissing(Refusal):
    """A ballot is submitted whole; the criteria without a score are named."""

    status = 422
    message_zh = "还有评分项没有打分。"
    hint_zh = "请把每一项都打上分，再提交。"


class CommentMissing(Refusal):
    """A low score needs a reason in words."""

    status = 422
    message_zh = "打了低分，还没有写意见。"
    hint_zh = "请写一句为什么，再提交。"
