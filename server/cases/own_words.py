"""Checking that a summary does not quote the reporter, whose way of writing could identify them. Pure."""

LONGEST = 15  # consecutive characters; names of places and offices are shorter than that


def copied_passage(summary: str, report: str) -> str:
    """Return the first passage of more than 15 characters that a summary shares with a report, or an empty string.

    Spaces and punctuation don't count.
    """
    ours, theirs = _bare(summary), _bare(report)
    length = LONGEST + 1
    passages = (ours[start : start + length] for start in range(len(ours) - LONGEST))
    return next((passage for passage in passages if passage in theirs), "")


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
