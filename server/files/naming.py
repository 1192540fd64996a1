"""Names of files: what people read, without what a path or a header could be made from. Pure."""

import re

from server.kernel.text import cleaned

UNSAFE = re.compile(r'[\\/:*?"<>|\0-\x1f\x7f]+')
USUAL = "附件"
LONGEST = 120


def honest_name(typed: str) -> str:
    """Return the name without folders, control characters and leading dots."""
    last = cleaned(typed).replace("\n", " ").replace("\\", "/").rpartition("/")[2]
    return UNSAFE.sub("_", last).strip(" .")[:LONGEST] or USUAL


def download_name(name: str, ending: str) -> str:
    """Return the name with the ending of what the file really is: a document named x.exe is x.exe.pdf."""
    endings = {"jpg": (".jpg", ".jpeg"), "heic": (".heic", ".heif")}.get(ending, (f".{ending}",))
    return name if name.lower().endswith(endings) else f"{name}.{ending}"
