"""Journeys go from phones to desks: the windows of both."""

from tests.console_browser.conftest import window
from tests.miniprogram.conftest import built, handset, line

__all__ = ["built", "handset", "line", "window"]
