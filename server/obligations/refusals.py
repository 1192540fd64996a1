"""Why a rule, a proof or a sheet of proofs is refused."""

from server.kernel.refusal import Refusal


class StaleCadence(Refusal):
    """The rule has changed since it was shown."""

    message_zh = "这条定期任务规则刚刚被别人改过。"
    hint_zh = "请刷新页面，看过现在的规则再改。"


class CadenceNotUsable(Refusal):
    """The rule contradicts itself or names an organisation that does not exist."""

    status = 422
    message_zh = "这条定期任务规则不能这样写。"
    hint_zh = "请按页面上的说明修改。"


class CadenceCodeTaken(Refusal):
    """Another rule has this code."""

    message_zh = "已经有一条代号相同的定期任务规则。"
    hint_zh = "请换一个代号，或者修改原来的那一条。"


class ProofNotAccepted(Refusal):
    """The obligation does not accept this kind of proof."""

    status = 422
    message_zh = "这一类材料不能用来完成这项任务。"
    hint_zh = "请选择任务页面上列出的种类。"


class NotOfThisPeriod(Refusal):
    """The day of what was done lies outside the obligation's period or in the future."""

    status = 422
    message_zh = "日期不在这项任务的周期里。"
    hint_zh = "请填实际完成的日期：它要在周期以内，不能是将来。补报也填当时的日期，系统会另记上交的时间。"


class NotYourObligation(Refusal):
    """Somebody of another organisation may see the obligation and not meet it."""

    status = 403
    message_zh = "这项任务由别的单位完成。"
    hint_zh = "请由责任单位的同志上交；改革办可以查看和提醒。"


class AlreadyWithdrawn(Refusal):
    """The proof was withdrawn before."""

    message_zh = "这份材料已经撤回。"
    hint_zh = "请刷新页面；需要的话重新上交一份。"


class KeptElsewhere(Refusal):
    """The proof stands for a record of its own, which is where it is taken back."""

    message_zh = "这份材料有自己的页面，不能只在这里撤回。"
    hint_zh = "请打开它的页面，在那里作废。"
