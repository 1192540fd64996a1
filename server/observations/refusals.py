"""The refusals of observations, in the words that reporters and reviewers read."""

from server.kernel.refusal import Refusal


class IdempotencyMismatch(Refusal):
    """The same client id came with a different body; the differing fields are named."""

    status = 422
    message_zh = "这份上报已经收到过，但内容不一样。"
    hint_zh = "如需修改已提交的内容，请在“我的上报”里打开它点“补充修改”。"


class Withdrawn(Refusal):
    """The observation was withdrawn, so sending it again creates nothing."""

    status = 410
    message_zh = "这份上报已经撤回。"
    hint_zh = "如果情况仍然存在，请重新拍照上报。"


class TooManyToday(Refusal):
    """A limit of SUB-16 is reached; the refusal says what is left and when it is full again."""

    status = 429
    message_zh = "今天的上报次数已用完。"
    hint_zh = "内容已保存在手机上，过一会儿可以直接提交。"
    retry = "later"


class NoSuchTask(Refusal):
    """The named task is not on the current list."""

    status = 422
    message_zh = "选择的改革任务不存在或已调整。"
    hint_zh = "请重新选择任务，或选“不确定，由改革办判断”。"


class NoSuchCategory(Refusal):
    """The category is not one that the city offers."""

    status = 422
    message_zh = "选择的分类不存在或已停用。"
    hint_zh = "请重新选择分类，不选也可以。"


class PhotoNeeded(Refusal):
    """A report in words alone needs a category that allows it (SUB-01)."""

    status = 422
    message_zh = "还差一张照片。"
    hint_zh = "请拍一张现场照片；实在没有照片的，请选一个可以只写文字的分类。"


class ClockWrong(Refusal):
    """The time of writing lies in the future: the phone's clock is wrong."""

    status = 422
    message_zh = "手机上的时间不对，比现在晚。"
    hint_zh = "内容已保存在手机上。请在手机设置里打开“自动设置时间”，再提交一次。"


class WrittenLongAgo(Refusal):
    """A draft is taken for thirty days after it was written (SUB-02)."""

    status = 422
    message_zh = "这份上报写于30多天以前，情况可能已经变了。"
    hint_zh = "内容已保存在手机上。请打开草稿核对，情况仍然存在的，再提交一次。"


class Stale(Refusal):
    """The record was changed in the meantime; the current version is named."""

    message_zh = "内容已被更新，您看到的不是最新的。"
    hint_zh = "请刷新后再操作。"


class AlreadyDecided(Refusal):
    """The report was already decided; its state and the legal steps are named."""

    message_zh = "这份上报已经处理过了。"
    hint_zh = "请刷新查看最新状态。"


class NotAmendable(Refusal):
    """The report is already decided; only an undecided one can be amended or withdrawn."""

    message_zh = "这份上报已经有处理结果，不能再修改或撤回。"
    hint_zh = "如有新情况，请重新上报，并写上原来的编号。"


class LowerAnonymity(Refusal):
    """The anonymity tier may be raised but never lowered (SUB-10)."""

    status = 422
    message_zh = "身份保护只能加强，不能降低。"
    hint_zh = "请选择与原来相同或更严格的保护方式。"


class NeedsNewVersion(Refusal):
    """Sealed reports are sent by a separate way without signing in, which this version of the app does not know."""

    status = 422
    message_zh = "这个版本的小程序不能用密封方式上报。"
    hint_zh = "请更新小程序后再用密封方式上报，内容已保存在手机上。"


class SealAnew(Refusal):
    """A report with a reporter can't be sealed afterwards, because earlier backups contain the reporter (SUB-10)."""

    status = 422
    message_zh = "已经交上的上报不能改成密封身份。"
    hint_zh = "请先撤回，再用密封方式重新上报。撤回以前的备份最长保存35天，之后销毁。"


class OwnReport(Refusal):
    """Nobody may review a report of their own."""

    status = 403
    message_zh = "不能审核自己提交的上报。"
    hint_zh = "请由其他同志审核。"


class NoSuchReason(Refusal):
    """The reason is not in the catalogue or does not fit this decision."""

    status = 422
    message_zh = "请选择一条理由。"
    hint_zh = "理由会原样告诉上报人，请从列表中选择。"


class Claimed(Refusal):
    """Another reviewer has claimed this report; their name and the end of the claim are given (REV-03)."""

    message_zh = "这一条正由别的同志审核。"
    hint_zh = "请先审核下一条，或稍后再看。"


class SecondPairOfEyes(Refusal):
    """The decision must be confirmed by a person other than the one who proposed it (REV-04)."""

    status = 403
    message_zh = "这个决定需要另一位同志复核。"
    hint_zh = "请由提出人以外的同志确认。"


class UndoOver(Refusal):
    """An acceptance can be undone only within a minute, by the person who made it, while nothing depends on it."""

    message_zh = "已超过60秒，或事项已经往下办理，不能撤销。"
    hint_zh = "如果确实挂错了号，请在台账里作废或并号。"


class NoSuchOffice(Refusal):
    """The named organisation does not review reports."""

    status = 422
    message_zh = "选择的单位不受理上报。"
    hint_zh = "请选择一个改革办。"
