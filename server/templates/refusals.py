"""The refusals of changes to a template."""

from server.kernel.refusal import Refusal


class StaleTemplate(Refusal):
    """The template has changed since it was shown."""

    message_zh = "这份模板刚刚被别人改过。"
    hint_zh = "请刷新页面，看过现在的内容再改。"


class BlankNotKnown(Refusal):
    """No fact fills this blank in braces."""

    status = 422
    message_zh = "模板里有系统不认识的占位词。"
    hint_zh = "请只用页面上列出的占位词，照原样写在花括号里。"


class BlankMissing(Refusal):
    """Without this fact, nobody would know what the message is about."""

    status = 422
    message_zh = "模板里缺少必须写的占位词。"
    hint_zh = "请把它写回正文，收件人要靠它知道是哪一件事、要怎么办。"


class BraceAlone(Refusal):
    """A brace neither opens nor closes a blank."""

    status = 422
    message_zh = "模板里有一个不成对的花括号。"
    hint_zh = "请检查占位词，前后各要有一个花括号，中间不能换行。"


class WordingTooLong(Refusal):
    """The text is longer than the reader's screen or sheet can hold."""

    status = 422
    message_zh = "模板正文太长。"
    hint_zh = "请删减后再保存，详细内容可以写在事项的办理要求里。"
