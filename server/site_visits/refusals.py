"""Why a step of a site visit can be refused, in the words that observers and staff read."""

from server.kernel.refusal import Refusal


class VisitMovedOn(Refusal):
    """Somebody else changed the visit meanwhile; its current version is named."""

    message_zh = "这次观摩刚被别人改过。"
    hint_zh = "请刷新后再操作，您填写的内容没有丢。"


class WrongVisitStep(Refusal):
    """The step is not legal in the visit's state, which is named."""

    message_zh = "这次观摩目前的状态不能做这一步。"
    hint_zh = "请刷新后再操作。"


class VisitIncomplete(Refusal):
    """A visit must be complete when it is published; everything missing is named."""

    status = 422
    message_zh = "观摩还不能发布。"
    hint_zh = "请按提示补全后再发布。"


class VisitDayIsOver(Refusal):
    """A visit can't be held before today."""

    status = 422
    message_zh = "观摩日期不能早于今天。"
    hint_zh = "请重新选择日期。"


class BadStopWindow(Refusal):
    """A stop must open before it closes, on the day of its visit."""

    status = 422
    message_zh = "点位的开放时间不对。"
    hint_zh = "开始要早于结束，并且都在观摩当天。"


class SomebodyCheckedIn(Refusal):
    """Rules can't change once anybody has checked in under them."""

    message_zh = "已经有人签到，评分规则不能再改。"
    hint_zh = "确需修改的，请两人同意作废本轮，重新发布后再评。"


class NotAnObserver(Refusal):
    """The person has no duty as an observer, deputy or team member, so they can't observe."""

    status = 422
    message_zh = "这个人没有观察评议的职责。"
    hint_zh = "请先在“组织与人员”里给他改革观察员、两代表一委员或督察队员的职责。"


class NoSuchUnit(Refusal):
    """The unit or task of a stop does not exist."""

    status = 422
    message_zh = "选择的单位或任务不存在。"
    hint_zh = "请重新选择。"


class NotYetCheckedIn(Refusal):
    """Only people who are at a stop can score it."""

    message_zh = "您还没有在这个点位签到，评分先存在手机里。"
    hint_zh = "请先扫现场屏幕上的动态码签到；扫不了的，请工作人员登记，再提交。"
    retry = "later"


class WrongScreenCode(Refusal):
    """The code was not made by a screen of this stop, for this observer."""

    status = 422
    message_zh = "动态码不对。"
    hint_zh = "请对准本点位屏幕上正在显示的码，重新扫一次；还是不行，请工作人员登记。"


class ScreenCodeExpired(Refusal):
    """The code was shown more than a minute ago, or not yet."""

    status = 422
    message_zh = "动态码已经过期。"
    hint_zh = "请扫屏幕上正在显示的码；还是不行，请工作人员登记。"


class ScreenCodeUsed(Refusal):
    """Every code counts only once for each observer."""

    status = 422
    message_zh = "这个动态码您已经用过。"
    hint_zh = "请等屏幕换成下一个码再扫。"


class StopNotOpen(Refusal):
    """Checking in is possible while the stop is open; its window is named."""

    message_zh = "这个点位现在不在开放时间内，不能签到。"
    hint_zh = "请在开放时间内签到；当时已在现场的，请工作人员登记。"


class AlreadyCheckedIn(Refusal):
    """The observer has already checked in at this stop."""

    message_zh = "您已签到，不用再签。"
    hint_zh = "请直接打分；签到有误的，请联系工作人员。"


class WrongStop(Refusal):
    """The printed code belongs to another stop."""

    status = 422
    message_zh = "扫的是另一个点位的码。"
    hint_zh = "请从那个点位的页面签到，或扫本点位的码。"


class PresenceUnsettled(Refusal):
    """A person must settle every doubtful check-in before the seal; the number left is named."""

    message_zh = "还有签到没有核实，不能密封。"
    hint_zh = "请在“签到”里逐条确认，或写明不在现场的理由。"


class ScreenOver(Refusal):
    """The stop has closed, so no screen can show its codes."""

    status = 422
    message_zh = "点位已经结束，不能再开动态码屏幕。"
    hint_zh = "请检查点位的开放时间。"


class ObserverSheetUnreadable(Refusal):
    """The sheet can't be read, or contains no list of observers."""

    status = 422
    message_zh = "没有读出观察员名单。"
    hint_zh = "请下载模板，填写“称谓”“单位”“评审组”三列，再导入。"


class ObserverImportOver(Refusal):
    """The preview is unknown, too old, has problems, or no longer fits the visit; the message says which."""

    message_zh = "这次预览已失效，没有加入任何人。"
    hint_zh = "请重新上传名单，预览后再确认。"


class BoardMovedOn(Refusal):
    """Somebody, or a second press of the same key, moved the board meanwhile."""

    message_zh = "大屏刚刚已经翻过一步。"
    hint_zh = "请看大屏现在显示的内容，再按下一步。"


class NothingToReveal(Refusal):
    """The board can't be moved this way now: the result is not sealed, or all is revealed."""

    message_zh = "现在没有可以揭晓的内容。"
    hint_zh = "请先封盘、密封，再揭晓；已经全部揭晓的，可以退回一步；想先练一遍，请按“排练”。"


class ResultNotPrinted(Refusal):
    """The result could not be typeset; the page shows the same."""

    status = 503
    message_zh = "结果没有排成PDF。"
    hint_zh = "请稍后再试；页面上的结果和JSON文件是一样的，也可以用浏览器打印本页。"
    retry = "later"


class PrintedCodeAway(Refusal):
    """WeChat did not draw the stop's mini-program code."""

    status = 503
    message_zh = "微信没有给出点位码。"
    hint_zh = "请稍后刷新；小程序还没有发布的，发布后再打印。"
    retry = "later"
