"""Letters: an item's 交办单 and 催办函 on paper, each with number and date, in the words of its day of issue."""

from server.letters.issuing import issue_letter, letters_open_to
from server.letters.reading import letter_seen_by, letters_of, letters_to
from server.letters.setting import set_letter

__all__ = [
    "issue_letter",
    "letter_seen_by",
    "letters_of",
    "letters_open_to",
    "letters_to",
    "set_letter",
]
