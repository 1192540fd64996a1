"""The kinds of policies: what each rules, the type of its content, and where the city pack says it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from server.packs import Categories, FourEyes, Promises, QuietHours, ReportLimits, Ways


@dataclass(frozen=True)
class PolicyKind:
    """A policy by its code: its name, what it rules, its content's type, and the city pack's content."""

    code: str
    label: str
    says: str
    shape: type[Struct]
    given: Callable[[Ways], Any]


KINDS = (
    PolicyKind(
        "categories",
        "上报分类",
        "上报人选的分类；哪些分类可以不拍照、多近算同一件事、销号要什么佐证",
        Categories,
        lambda ways: Categories(all=ways.categories),
    ),
    PolicyKind(
        "promises",
        "答复期限",
        "改革办几个工作日内答复上报人；已经收到的上报期限不变",
        Promises,
        lambda ways: ways.promises,
    ),
    PolicyKind(
        "report_limits",
        "上报次数",
        "一个人每小时、每天最多上报几条；超过的留在手机上，到时可以直接提交",
        ReportLimits,
        lambda ways: ways.report_limits,
    ),
    PolicyKind(
        "quiet_hours",
        "免打扰时间",
        "这段时间不推送微信等消息，站内信照常；休息日全天不推送",
        QuietHours,
        lambda ways: ways.quiet_hours,
    ),
    PolicyKind(
        "four_eyes",
        "两人同意",
        "哪些决定要一位同志提出、另一位同志同意；打开密封身份始终要两位保管人",
        FourEyes,
        lambda ways: ways.four_eyes,
    ),
)


def kinds() -> tuple[PolicyKind, ...]:
    """Return all kinds of policies in the order of their list."""
    return KINDS


def kind_named(code: str) -> PolicyKind | None:
    """Return the kind with this code, or None."""
    return next((one for one in KINDS if one.code == code), None)
