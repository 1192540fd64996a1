"""Why a meeting, a decision or a month report is refused."""

from server.kernel.refusal import Refusal


class NotAMeeting(Refusal):
    """The kind is not one of a meeting."""

    status = 422
    message_zh = "这不是会议的种类。"
    hint_zh = "请在五种会议里选择一种。"


class MeetingInFuture(Refusal):
    """Only what was held is recorded."""

    status = 422
    message_zh = "会议日期还没有到。"
    hint_zh = "会议开过以后再登记，日期填实际召开的那一天。"


class MeetingVoided(Refusal):
    """The meeting's record was voided."""

    message_zh = "这次会议的登记已经作废。"
    hint_zh = "请刷新页面；确实开过的会请重新登记。"


class MeetingHasItems(Refusal):
    """A decision of the meeting is on the ledger."""

    message_zh = "会议的议定事项已经挂号，登记不能作废。"
    hint_zh = "请先在台账里作废这些事项，再作废会议登记。"


class AlreadyOnLedger(Refusal):
    """The decision or the matter has its ledger item."""

    message_zh = "这件事已经挂号。"
    hint_zh = "请刷新页面，打开它的台账条目。"


class AlreadyAnswered(Refusal):
    """The matter was answered or put on the ledger."""

    message_zh = "这件需要协调的事已经处理。"
    hint_zh = "请刷新页面查看处理结果。"


class NoSeriesHere(Refusal):
    """None of the actor's offices gives ledger numbers."""

    message_zh = "您所在的单位不能挂号。"
    hint_zh = "请由改革办的同志打开这一页挂号分办。"


class SentBefore(Refusal):
    """The report was sent to the region before."""

    message_zh = "这份报告已经登记报送。"
    hint_zh = "请刷新页面查看报送日期；内容有变化的请重新上交一份。"


class NotYetThatMonth(Refusal):
    """The month of a report lies in the future."""

    status = 422
    message_zh = "报告的月份还没有到。"
    hint_zh = "请选择本月或以前的月份。"


class NotYourUnit(Refusal):
    """The organisation is not one for which this person hands in."""

    status = 403
    message_zh = "您不能替这个单位登记。"
    hint_zh = "请由这个单位的同志登记。"
