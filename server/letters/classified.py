"""Finds markings and keywords of state secrets: the office's letters are for other matters only (LET-08). Pure."""

import re
import unicodedata

from server.letters.refusals import Classified

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


def check_not_classified(*texts: str) -> None:
    """Raise Classified, naming the marking, if one of the texts has any."""
    if word := classified_word(*texts):
        raise Classified(f"内容里有涉密标志“{word}”，不能在本系统里发函。")
