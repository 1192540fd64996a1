"""Logs: one line per event on stderr. Errors are logged by kind and place, never by message, which may hold data.

For example, PostgreSQL's DETAIL of a broken unique key names the row, and `str(error)` of asyncpg repeats it.
"""

import faulthandler
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import structlog
from structlog.typing import EventDict, WrappedLogger

ROOT = str(Path(__file__).parents[2])
INSTALLED = re.compile(r".*/(?:site-packages|python3\.\d+)/")
LONGEST = 300


def configure() -> None:
    """Set up logging for this process: our own logs and those of the libraries."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _told_error,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Terse("%(levelname)s:%(name)s:%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    sys.excepthook = _tell_crash
    faulthandler.enable()  # a crash inside a C library still prints where it happened


def _tell_crash(_: type[BaseException], error: BaseException, __: object) -> None:
    """Log the error that ends the process, as its last line."""
    structlog.get_logger(__name__).error("process_crashed", pid=os.getpid(), exc_info=error)


def told(error: BaseException) -> str:
    """Describe an error and its causes, causes last: kinds, SQL states, constraint names and places, but no content."""
    return "\n".join(_lines(error, seen=set()))


class Terse(logging.Formatter):
    """Formats log records of libraries: one line each, errors by kind and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as one line; exceptions in its arguments are named by kind."""
        whole = logging.makeLogRecord(record.__dict__ | {"exc_text": None, "stack_info": None})
        if isinstance(whole.msg, BaseException):
            whole.msg, whole.args = kind(whole.msg), ()
        if isinstance(whole.args, tuple):
            whole.args = tuple(kind(one) if isinstance(one, BaseException) else one for one in whole.args)
        whole.msg, whole.args = (
            whole.getMessage().partition("\n")[0][:LONGEST],
            (),
        )  # the second line is PostgreSQL's DETAIL
        return super().format(whole)

    def formatException(self, ei: object) -> str:  # noqa: N802
        """Return kinds and places instead of a traceback with its messages."""
        error = ei[1] if isinstance(ei, tuple) else None
        return told(error) if isinstance(error, BaseException) else ""


def kind(error: BaseException) -> str:
    """Return the name of an error's class; for PostgreSQL's errors also the SQL state and the constraint."""
    more = (getattr(error, name, None) for name in ("sqlstate", "constraint_name"))
    return " ".join([type(error).__name__, *(one for one in more if isinstance(one, str))])


def _told_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = told(error)
    return event


def _lines(error: BaseException, *, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield kind(error)
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        yield f"  {_short(code.co_filename)}:{line} {code.co_name}"
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for one in [*parts, *([before] if before else [])]:
        yield from _lines(one, seen=seen)


def _short(path: str) -> str:
    """Shorten a file's path to its path within the product or within its library."""
    return INSTALLED.sub("", path.removeprefix(f"{ROOT}/"))
