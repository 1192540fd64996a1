"""Until when a letter is to be replied to, and how much time is left. Pure."""

from datetime import date

from models import Letter
from models.vocabulary import LetterState
from server.kernel.workdays import Calendar, say

UNANSWERED = (LetterState.DELIVERED, LetterState.ACKNOWLEDGED)


def is_late(letter: Letter, *, today: date) -> bool:
    """Whether a reply is due and its day is over. Pure."""
    return letter.state in UNANSWERED and letter.reply_due_on is not None and today > letter.reply_due_on


def deadline_words(letter: Letter, *, today: date, calendar: Calendar) -> str:
    """Return until when a reply is due and how much time is left, while one is awaited. Pure."""
    due = letter.reply_due_on
    if due is None or letter.state not in UNANSWERED:
        return ""
    left = calendar.between(today, due)
    if today > due:
        return f"应于{say(due)}前反馈，已逾期{max(1, -left)}个工作日"
    return f"{say(due)}前反馈，还剩{left}个工作日"
