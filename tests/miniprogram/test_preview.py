"""The preview: a phone on the desk for any person, and nothing else of this machine."""

import asyncio
import threading

import httpx
import pytest

from models.vocabulary import Role
from server.fake_wechat.loopback import loopback
from server.trial.looking import free_port
from server.trial.preview.serving import Preview, server_of


async def test_a_name_is_a_phone_of_its_own(browser, office, line):
    await office.enrol("老马", Role.TEAM_MEMBER, openid="openid-demo-老马")
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau, openid="openid-demo-王科长")
    faults = []
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = await context.new_page()
    page.on("console", lambda told: told.type in ("error", "warning") and faults.append(told.text))
    await page.goto(line.url)
    phone = page.frame_locator("iframe")
    await phone.get_by_text("老马，您好").wait_for()  # a reporter comes first
    await phone.get_by_role("button", name="先写文字，稍后拍照").click()
    await phone.locator("textarea").fill("没写完的一条")

    await page.get_by_role("button", name="王科长").click()
    await phone.get_by_text("王科长，您好").wait_for()
    assert await phone.get_by_text("没写完的一条").count() == 0

    await page.get_by_role("button", name="老马").click()
    await phone.get_by_text("没写完的一条").wait_for()
    await page.get_by_role("button", name="清空这部手机").click()
    await phone.get_by_text("老马，您好").wait_for()
    await phone.get_by_text("没写完的一条").wait_for(state="detached")
    assert faults == []
    await context.close()


@pytest.mark.parametrize(
    "path", ["/mp/../pyproject.toml", "/mp/%2e%2e/pyproject.toml", "/phone/x/../../etc/passwd", "/mp/app.ts"]
)
async def test_only_what_a_phone_would_have_is_given_out(line, path):
    async with loopback() as client:
        answer = await client.get(httpx.URL(line.url, raw_path=path.encode()))
    assert answer.status_code == 404


async def test_an_office_that_is_away_looks_like_a_dead_line(built):
    preview = Preview(built=built, office=f"http://127.0.0.1:{free_port()}", phones=[])
    server = server_of(preview, port=0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    async with loopback(base_url=f"http://127.0.0.1:{server.server_port}") as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/api/v1/me")
    await asyncio.to_thread(server.shutdown)
    server.server_close()
