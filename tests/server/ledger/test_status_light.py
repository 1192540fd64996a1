"""Colours are derived, never typed, and say why."""

from datetime import date

import pytest

from models.vocabulary import LedgerState, Light
from server.kernel.workdays import Calendar
from server.ledger import light_status

MONDAY = date(2026, 11, 2)


def light(today, *, state=LedgerState.IN_PROGRESS, due_on=date(2026, 11, 27), percent=0, started_on=MONDAY):
    return light_status(
        state=state, due_on=due_on, started_on=started_on, percent=percent, today=today, calendar=Calendar()
    )


@pytest.mark.parametrize(
    ("today", "percent", "colour"),
    [
        (date(2026, 11, 3), 0, Light.GREEN),
        (date(2026, 11, 9), 0, Light.YELLOW),
        (date(2026, 11, 9), 15, Light.GREEN),
        (date(2026, 11, 24), 100, Light.BLUE),
        (date(2026, 11, 27), 0, Light.BLUE),
        (date(2026, 11, 28), 100, Light.RED),  # a Saturday after the deadline is after the deadline
        (date(2026, 12, 1), 100, Light.RED),
    ],
)
def test_the_colour_follows_the_clock_and_the_work(today, percent, colour):
    assert light(today, percent=percent).light is colour


@pytest.mark.parametrize("state", [LedgerState.CLOSED, LedgerState.MERGED, LedgerState.VOIDED])
def test_what_is_done_is_green_however_late(state):
    assert light(date(2027, 1, 1), state=state).light is Light.GREEN


def test_without_a_deadline_there_is_no_colour():
    assert light(MONDAY, due_on=None).light is Light.GREY


def test_the_reason_counts_working_days():
    assert light(date(2026, 11, 30)).because == "期限11月27日（周五），已逾期1个工作日。"
    assert light(date(2026, 11, 24)).because == "期限11月27日（周五），还剩3个工作日。"
