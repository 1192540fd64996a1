"""Files: documents announced by their hash, checked by content, kept sealed, and only ever handed out again."""

from server.files.adding import add_file
from server.files.announcing import MAX_BYTES, AnnouncedFile, announce, missing_of
from server.files.forgetting import forget_files
from server.files.reading import FileHere, check_adds, content_of, file_seen_by, files_of, shows, takes_more
from server.files.receiving import REFUSALS, receive, receive_unhashed
from server.files.refusals import FileTooBig

__all__ = [
    "MAX_BYTES",
    "REFUSALS",
    "AnnouncedFile",
    "FileHere",
    "FileTooBig",
    "add_file",
    "announce",
    "check_adds",
    "content_of",
    "file_seen_by",
    "files_of",
    "forget_files",
    "missing_of",
    "receive",
    "receive_unhashed",
    "shows",
    "takes_more",
]
