"""Why a topic call, an answer or a published piece is refused."""

from server.kernel.refusal import Refusal


class CallEndsTooSoon(Refusal):
    """The deadline lies in the past."""

    status = 422
    message_zh = "供稿期限已经过去。"
    hint_zh = "请选择今天或以后的日期。"


class NotAsked(Refusal):
    """The unit was not addressed by the call."""

    status = 403
    message_zh = "这次选题没有征集您所在的单位。"
    hint_zh = "确实要供稿的，请联系改革办把您的单位加进来。"


class ConsentMissing(Refusal):
    """A piece about a person needs a recorded consent."""

    status = 422
    message_zh = "写到具体人物的作品，要先登记本人同意。"
    hint_zh = "请写明谁同意、什么时候、用什么方式，再登记。"


class PublishedInFuture(Refusal):
    """Only what was published is entered."""

    status = 422
    message_zh = "发布日期还没有到。"
    hint_zh = "发布以后再登记，日期填实际发布的那一天。"


class UnitNotThere(Refusal):
    """An addressed unit does not exist or was closed."""

    status = 422
    message_zh = "要征集的单位里有一个不存在或已经撤销。"
    hint_zh = "请刷新页面，重新选择单位。"
