"""A real browser for the console: every window records its faults, and the test fails for them."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page


@dataclass
class Window:
    """A browser window; `faults` are errors, dialogs and failed requests, except those that contain `expected`."""

    page: Page
    base_url: str
    expected: str | None = None
    faults: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.base_url}{path}", wait_until="load")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def says(self, words: str) -> None:
        """Wait until some visible part of the page shows these words."""
        await self.page.get_by_text(words).first.wait_for(state="visible", timeout=30_000)

    def listen(self) -> None:
        self.page.on("console", lambda told: told.type in ("error", "warning") and self._note(told.text))
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("dialog", self._refuse)

    def _note(self, fault: str) -> None:
        if self.expected is None or self.expected not in fault:
            self.faults.append(fault)

    def _failed(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the window moved on before, for example, the icon arrived
            self._note(f"failed: {request.url} {request.failure}")

    async def _refuse(self, dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        await dialog.dismiss()


@pytest.fixture
async def window(browser, office):
    """Opens windows: signed in as a person at a desk, or as a stranger."""
    opened = []

    @asynccontextmanager
    async def opening(desk=None, *, width=1366, height=768, scheme="light"):
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        if desk:
            host = urlsplit(office.base_url).hostname
            cookies = [
                {"name": name, "value": value, "domain": host, "path": "/"}
                for name, value in desk.client.cookies.items()
            ]
            await context.add_cookies(cookies)
        one = Window(await context.new_page(), office.base_url)
        one.listen()
        opened.append(one)
        yield one
        await context.close()

    yield opening
    assert [fault for one in opened for fault in one.faults] == []
