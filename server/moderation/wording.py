"""The result of a check in words for officials. Pure."""

from models import ContentCheck
from models.vocabulary import ContentState

# WeChat's categories (msg_sec_check and media_check_async, version 2); 100 is harmless.
LABELS = {
    10001: "广告",
    20001: "时政",
    20002: "色情",
    20003: "辱骂",
    20006: "违法犯罪",
    20008: "欺诈",
    20012: "低俗",
    20013: "版权",
    21000: "其他",
}


def words_of_check(check: ContentCheck) -> str:
    """Return what is known of a content: the person's decision, else WeChat's verdict with its reason."""
    if check.decision:
        return f"人工决定：{check.decision.label}"
    if check.unjudged:
        return check.unjudged.label
    if check.state in (ContentState.REVIEW, ContentState.RISKY) and check.label in LABELS:
        return f"{check.state.label}，可能涉及{LABELS[check.label]}"
    return check.state.label
