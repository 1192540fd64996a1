"""The words of a reminder: the rule's text with its blanks filled. Pure."""

import re
from collections.abc import Mapping
from datetime import date

from server.kernel.refusal import Refusal
from server.kernel.workdays import Calendar, say, time_left
from server.packs import ReminderContent
from server.reminders.subjects import Matter

LONGEST_SHORT, LONGEST_TITLE, LONGEST_BODY = 20, 40, 300  # the first is a `thing` of WeChat's
PLACE = re.compile(r"\{([^{}]*)\}")
EXAMPLES = {
    "编号": "改-2026-0007",
    "事项": "北京路路口坑槽一周未修",
    "期限": "12月7日（周一）",
    "时限": "还剩3个工作日",
    "单位": "市住建局",
}


class ReminderBlankNotKnown(Refusal):
    """No fact fills this blank in braces, or a brace stands alone."""

    status = 422
    message_zh = "正文或标题里有系统不认识的占位词。"
    hint_zh = "请只用这些占位词：{编号}、{事项}、{期限}、{时限}、{单位}。"


def check_words(content: ReminderContent) -> None:
    """Raise ReminderBlankNotKnown unless every brace belongs to a known blank."""
    text = content.title + content.body
    strange = [name for name in PLACE.findall(text) if name not in EXAMPLES]
    if strange:
        raise ReminderBlankNotKnown(f"“{strange[0]}”不是提醒的占位词。")
    if re.search(r"[{}]", PLACE.sub("", text)):
        raise ReminderBlankNotKnown("有一个不成对的花括号。")


def worded(
    content: ReminderContent, matter: Matter, *, today: date, calendar: Calendar
) -> tuple[str, str, str]:
    """Return a reminder's short title, title and body, each cut to its place.

    The short title leaves the office: it lacks the matter's own title, which may hold a citizen's words.
    """
    facts = {
        "编号": matter.number,
        "事项": matter.title,
        "期限": say(matter.due_on),
        "时限": time_left(today, matter.due_on, calendar=calendar),
        "单位": matter.unit,
    }
    plain = fill(content.title, facts | {"事项": "", "单位": ""})
    return (
        cut(" ".join(plain.replace("“”", "").split()) or "督察提醒", LONGEST_SHORT),
        cut(fill(content.title, facts), LONGEST_TITLE),
        cut(fill(content.body, facts), LONGEST_BODY),
    )


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Fill the blanks of a text; what a fact says is never read as a blank."""
    return PLACE.sub(lambda place: facts.get(place[1], ""), text)


def cut(words: str, longest: int) -> str:
    """Cut words to a length, with … where something is missing."""
    return words if len(words) <= longest else words[: longest - 1] + "…"
