"""The refusals of sealed reports and of requests to open their envelopes."""

from server.kernel.refusal import Refusal


class NotOffered(Refusal):
    """No key holders are registered, so nobody could keep what the tier promises."""

    status = 422
    message_zh = "这里还没有设三位保管人，暂时不能密封上报。"
    hint_zh = "可以改选“对单位和公众匿名”，内容仍保存在手机上。"


class TicketRefused(Refusal):
    """The ticket is forged, expired, or already spent on another report."""

    status = 403
    message_zh = "这张密封上报凭证已经用过或过期。"
    hint_zh = "内容还在手机上，请换一张凭证再试；凭证每天打开小程序时自动领取。"


class CodeUsed(Refusal):
    """Another report has the same recovery code."""

    status = 422
    message_zh = "这个取件码不能用。"
    hint_zh = "请重新生成取件码后再提交，内容还在手机上。"


class CodeWrong(Refusal):
    """The digits are not a recovery code, or not a known one."""

    status = 404
    message_zh = "取件码不对。"
    hint_zh = "请看第几组抄错了，改正后再试。"


class NotEnteredYet(Refusal):
    """The report arrived within this hour, and the office can't see it yet."""

    message_zh = "这份上报刚交上，还没有送到改革办桌上。"
    hint_zh = "密封上报每小时一起送一次，请一小时后再来。"
    retry = "later"


class HoldersMalformed(Refusal):
    """Three different public keys are needed, each with the holder's name and office."""

    status = 422
    message_zh = "三位保管人的资料不完整，或公钥不对。"
    hint_zh = "每位保管人填单位、姓名，并粘贴 open-share keygen 生成的公钥，三把公钥不能相同。"


class NoEnvelope(Refusal):
    """There is no envelope under that receipt number, or it is not the one the journal names."""

    status = 404
    message_zh = "没有这份密封上报，或它的身份信封已经销毁。"
    hint_zh = "请核对回执编号；信封和日志对不上时，请通知审计员。"


class AnswerRefused(Refusal):
    """The pasted text is not a holder's answer to this request, or that holder has already answered."""

    status = 422
    message_zh = "这段答复不是对这次申请的，或这位保管人已经答复过。"
    hint_zh = "请从 open-share answer 的输出里整段复制后再贴一次。"


class HandOverRefused(Refusal):
    """The file is not a holder's hand-over to their current successor, or it was altered."""

    status = 422
    message_zh = "这不是交给现任保管人的份额文件，或文件被改动过。"
    hint_zh = "请重新下载交接文件，由离任的保管人再做一次。已经接收的不会丢。"


class AnswersLacking(Refusal):
    """Two holders must answer before anything can be read."""

    message_zh = "还没有两位保管人答复，不能打开。"
    hint_zh = "请等另一位保管人答复后再试。"
