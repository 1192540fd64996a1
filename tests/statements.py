"""Collects the statements that a test's own task sends, so that tests can count, read and explain them."""

import asyncio
import logging
from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """One statement as it was sent, with its values."""

    sql: str
    values: list


class Statements:
    """Collects while it is entered; of every task, or of the task that enters it (`mine`)."""

    def __init__(self, *, mine: bool = False) -> None:
        self._mine = mine

    def __enter__(self) -> list[Statement]:
        self._sent, self._task, self._handler = [], asyncio.current_task(), logging.Handler()
        self._handler.emit = self._note
        self._logger = logging.getLogger("tortoise.db_client")
        self._level = self._logger.level
        self._logger.addHandler(self._handler)
        self._logger.setLevel(logging.DEBUG)
        return self._sent

    def __exit__(self, *_) -> None:
        self._logger.removeHandler(self._handler)
        self._logger.setLevel(self._level)

    def _note(self, told: logging.LogRecord) -> None:
        if self._mine and asyncio.current_task() is not self._task:
            return
        sql, *values = told.args or (told.msg,)
        self._sent.append(Statement(sql, list(values[0] or []) if values else []))
