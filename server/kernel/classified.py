"""Finds markings and keywords of state secrets: this system is for other matters only (LET-08). Pure."""

import re
import unicodedata
from typing import Any

from server.kernel.refusal import Refusal

BETWEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·.。_－—-]+")
# 商业秘密 and 个人秘密 are no state secrets, and 非涉密 says that there is none.
SECRET = re.compile(
    r"绝密|机密|(?<!商业)(?<!个人)秘密(?!码)|密级|(?<!非)(?<!不)涉密|[★☆](?:启用前|长期|\d{1,2}(?:年|个月|月))"
)


def classified_word(*texts: str) -> str | None:
    """Return the first marking or keyword in some texts, even if written with spaces or in wide characters."""
    for text in texts:
        found = SECRET.search(BETWEEN.sub("", unicodedata.normalize("NFKC", text)))
        if found:
            return found[0]
    return None


class Classified(Refusal):
    """The words bear a marking or keyword of state secrets; this system holds none (LET-08)."""

    status = 422
    message_zh = "内容里有涉密标志，不能录入本系统。"
    hint_zh = "本系统只办理非涉密事项。涉密内容请停止录入，按保密规定通过机要渠道、在涉密系统里办理。"


def check_not_classified(*texts: str) -> None:
    """Raise Classified, naming the marking, if one of the texts has any."""
    if word := classified_word(*texts):
        raise Classified(f"内容里有涉密标志“{word}”，不能录入本系统。")


def texts_in(raw: Any, name: str = "") -> list[str]:
    """Return all texts in plain data, passwords excepted."""
    if isinstance(raw, str):
        return [] if name.endswith("password") else [raw]
    if isinstance(raw, dict):
        return [text for key, value in raw.items() for text in texts_in(value, str(key))]
    return [text for one in raw for text in texts_in(one)] if isinstance(raw, list | tuple) else []
