"""The name under which an uploaded sheet is kept."""

LONGEST = 120


def plain_file_name(name: str) -> str:
    """Return a file name without folders and control characters, cut to the stored length."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST] or "未命名"
