"""One real browser for all tests that look at pages."""

import asyncio
import os

import pytest
from playwright.async_api import async_playwright, expect

from tests.browser import chromium

expect.set_options(timeout=30_000)  # as pages wait: a busy machine shows the same, later


@pytest.fixture(scope="session")
async def browser():
    found = await asyncio.to_thread(chromium)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=found.path,
            args=[*found.arguments, "--no-proxy-server"],
            env=os.environ | found.environment,
        )
        yield started
        await started.close()
