"""The refusals of decisions on a content, in the words that reviewers read."""

from server.kernel.refusal import Refusal


class ContentReplaced(Refusal):
    """The reporter has since replaced this content or withdrawn the whole report."""

    message_zh = "上报人已经修改或撤回了这部分内容。"
    hint_zh = "请刷新页面，对现在的内容再作决定。"


class ContentChecked(Refusal):
    """The check changed since the reviewer saw it: WeChat has answered, or a colleague has decided."""

    message_zh = "这部分内容刚刚有了新的检查结果。"
    hint_zh = "请刷新页面，看过结果再作决定。"


class OwnContent(Refusal):
    """Nobody may decide on content of their own."""

    status = 403
    message_zh = "不能决定自己上报的内容是否给他人看。"
    hint_zh = "请由其他同志决定。"


class HidingNeedsWords(Refusal):
    """Hiding a content needs a reason that can be read later."""

    status = 422
    message_zh = "不给他人看要写明理由。"
    hint_zh = "请用一句话写明，例如：照片里能看清路人的脸。"
