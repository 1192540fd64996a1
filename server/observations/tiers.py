"""Who may learn who reported, per anonymity tier: one table for the code and for reporters (谁能看到我). Pure."""

from dataclasses import dataclass

from models.vocabulary import Anonymity


@dataclass(frozen=True)
class Tier:
    """What a tier promises; code that would reveal a reporter checks this table first."""

    promise: str
    name_shown: bool  # to units and the public
    role_shown: bool  # to reviewers: 群众, 督察队员, 代表委员 …
    record_shown: bool  # to reviewers, as a band
    wechat_checks: bool  # words and pictures go to WeChat with the account that sent them
    found_by_server: bool  # with its keys: for answering, limits and "我的上报"
    opened_by_two: bool  # an envelope that takes two of three key holders to open


TIERS: dict[Anonymity, Tier] = {
    Anonymity.NAMED: Tier(
        promise="单位和公众可以知道是您报的。",
        name_shown=True,
        role_shown=True,
        record_shown=True,
        wechat_checks=True,
        found_by_server=True,
        opened_by_two=False,
    ),
    Anonymity.HIDDEN: Tier(
        promise="单位、公众和审核的同志都看不到您是谁。系统凭密钥能找到您，用来给您回话。"
        "数据库或备份被人拿走，没有密钥对不上人。微信平台检查文字和照片时，知道是您的微信号发的。",
        name_shown=False,
        role_shown=True,
        record_shown=True,
        wechat_checks=True,
        found_by_server=True,
        opened_by_two=False,
    ),
    Anonymity.SEALED: Tier(
        promise="交上以后，系统自己也查不到您是谁。您的身份锁进信封，三位保管人中要有两位同意、写明理由，才能打开，"
        "打开了会告诉您。不发微信提醒，请您自己回来看。请把24位取件码抄在纸上：手机丢了，只有它能找回这份上报，我们也补不了。",
        name_shown=False,
        role_shown=False,
        record_shown=False,
        wechat_checks=False,
        found_by_server=False,
        opened_by_two=True,
    ),
}

CANNOT = (
    "系统处理请求的那一刻，运行系统的人如果不守规矩，能看到是谁在发。",
    "现场人少、知道这件事的人少，别人可能猜到是您。",
    "您的写法、照片里的倒影和细节，可能认得出人。",
    "上网的地址和时间，单位网络和运营商那里有记录。",
)


def who_sees(anonymity: Anonymity) -> list[tuple[str, bool, str]]:
    """Return one row per audience: who it is, whether they learn who reported, and why."""
    tier = TIERS[anonymity]
    return [
        (
            "被反映的单位、公众",
            tier.name_shown,
            "能看到您的称呼" if tier.name_shown else "看不到您是谁",
        ),
        ("审核的同志", tier.name_shown, _reviewer(tier)),
        (
            "审计员、系统管理员",
            tier.name_shown,
            "能看到您的称呼" if tier.name_shown else "页面、表格、日志里都没有您",
        ),
        (
            "拿走数据库、备份或日志的人",
            False,
            "有密钥也对不上人" if not tier.found_by_server else "没有密钥对不上人",
        ),
        (
            "系统自己（凭密钥）",
            tier.found_by_server,
            "能找到您，用来回话" if tier.found_by_server else "交上以后查不到您",
        ),
        (
            "微信平台",
            tier.wechat_checks,
            "检查文字和照片时，知道是您的微信号"
            if tier.wechat_checks
            else "只知道您用过这个小程序，不知道您报了什么",
        ),
        *(
            [("三位保管人", False, "任意两位同意并写明理由才能打开，打开后告诉您")]
            if tier.opened_by_two
            else []
        ),
    ]


def _reviewer(tier: Tier) -> str:
    if tier.name_shown:
        return "能看到您的称呼"
    if not tier.role_shown:
        return "连您是群众还是代表也看不到"
    record = "和以往采纳的大概情况" if tier.record_shown else ""
    return f"只看到您是群众、队员还是代表{record}"
