"""Phones in a real browser: the mini-program runs on WeChat's own engine against the live server."""

import asyncio
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from models import Person
from models.vocabulary import Role
from server.trial.preview.building import build
from server.trial.preview.serving import Preview, server_of
from tests.miniprogram.phone_network import NetworkHandler, PhoneNetwork

PHONES = [
    {"name": "王科长", "code": "demo-王科长", "role": "改革专员"},
    {"name": "老马", "code": "demo-老马", "role": "督察队员"},
]
USUALLY = {"subscribe": "accept"}  # None: the person is asked
PLACE = {"latitude": 38.4872, "longitude": 106.2309, "accuracy": 12}


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("miniprogram")
    build(out)
    return out


@pytest.fixture
async def line(built, office):
    """The connection between all phones and the office; tests may cut it."""
    line = PhoneNetwork()
    preview = Preview(built=built, office=office.base_url, phones=PHONES)
    handler = type("Handler", (NetworkHandler,), {"line": line})
    server = server_of(preview, port=0, handler=handler)
    line.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield line
    await asyncio.to_thread(server.shutdown)
    server.server_close()


@dataclass
class Handset:
    """A person's phone; `faults` is what went wrong in it that the test did not expect."""

    context: BrowserContext
    url: str
    line: PhoneNetwork
    page: Page
    person: Person | None
    has_agreed: bool = False
    faults: list[str] = field(default_factory=list)

    async def open(self, path: str = "") -> None:
        """Open the mini-program, on a given page if one is named."""
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)
        self.page.set_default_timeout(30_000)
        await self.page.goto(f"{self.url}#{path}" if path else self.url)

    async def visit(self, path: str) -> None:
        """Open a page of the mini-program directly, as a message or a code leads to it."""
        await self.note_faults()
        await self.page.goto("about:blank")
        await self.page.goto(f"{self.url}#{path}")

    async def turn_to(self, path: str) -> None:
        """Replace all pages with this one, without restarting the mini-program."""
        await self.page.evaluate("(url) => globalThis.__mp.wx.reLaunch({ url })", path)

    async def kill_and_reopen(self, *, offline: bool = False) -> None:
        """Swipe the mini-program away and start it again; only what it stored remains.

        On a phone the program itself is local: it starts even without a network, and only the office is unreachable.
        """
        await self.note_faults()
        await self.page.evaluate("globalThis.__mp.settled()")  # a phone has saved when the call returns
        await self.page.close()
        self.page = await self.context.new_page()
        await self.context.set_offline(False)
        await self.open()
        await self.context.set_offline(offline)

    async def lose_network(self) -> None:
        """Cut the connection, and let the phone know."""
        self.line.is_dead = True
        await self.context.set_offline(True)

    async def find_network(self) -> None:
        """Restore the connection, and let the phone know."""
        self.line.is_dead = False
        await self.context.set_offline(False)

    def seen(self, locator: Locator) -> Locator:
        """Keep only what is visible: of stacked pages, the top one."""
        return locator.filter(visible=True).first

    async def says(self, words: str) -> None:
        """Wait until the page shows these words."""
        await self.seen(self.page.get_by_text(words)).wait_for()

    async def gone(self, words: str) -> None:
        """Wait until the page no longer shows these words."""
        await expect(self.page.get_by_text(words).filter(visible=True)).to_have_count(0)

    async def tap(self, name: str, *, role: str = "button", exact: bool = False) -> None:
        """Tap the element with this role and name."""
        await self.seen(self.page.get_by_role(role, name=name, exact=exact)).tap()

    async def pick(self, name: str, words: str) -> None:
        """Choose from the list that opens under this name."""
        await self.tap(name)
        await self.page.get_by_label("选择器").select_option(words)
        await self.tap("确定")

    async def write(self, name: str, words: str) -> None:
        """Write into the field of this name."""
        await self.seen(self.page.get_by_role("textbox", name=name)).fill(words)

    async def choose(self, name: str, *files: dict) -> None:
        """Tap what opens the camera, and take these pictures."""
        async with self.page.expect_file_chooser() as chooser:
            await self.tap(name)
        await (await chooser.value).set_files(list(files))

    async def note_faults(self) -> None:
        """Collect the errors that the engine recorded."""
        self.faults += await self.page.evaluate("globalThis.__mp ? globalThis.__mp.errors : []")

    def _hear(self, told) -> None:
        if told.type == "error" and "net::ERR" not in told.text and "status of" not in told.text:
            self.faults.append(told.text)


@pytest.fixture
async def handset(browser, office, line):
    """Provides phones: `await handset("老马")` is the phone of a new person of that name.

    Without a role the office knows nothing of the person and treats them as a citizen.
    """
    given: list[Handset] = []

    async def give(
        name="老马",
        role: Role | None = Role.TEAM_MEMBER,
        *,
        width=375,
        scheme="light",
        at=PLACE,
        hooks=None,
        **where,
    ):
        person = role and await office.enrol(name, role, openid=f"openid-demo-{name}", **where)
        context = await browser.new_context(
            viewport={"width": width, "height": 812},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            color_scheme=scheme,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            geolocation=at,
            permissions=["geolocation"] if at else [],
        )
        # What WeChat says on this phone: its font setting, the code it scans, the answers to subscriptions.
        await context.add_init_script(f"globalThis.__MP_HOOKS__ = {json.dumps(USUALLY | (hooks or {}))}")
        url = f"{line.url}/phone/demo-{name}/"
        one = Handset(context, url, line, await context.new_page(), person)
        given.append(one)
        await one.open()
        return one

    yield give
    for one in given:
        await one.note_faults()
        await one.context.close()
    assert [fault for one in given for fault in one.faults] == []
