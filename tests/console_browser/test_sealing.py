"""Key-holders and openings on the console: forms filled by hand, pages that fit and are readable.

SHOTS=folder saves the pictures for inspection.
"""

import os
from pathlib import Path

import pytest

from models import EscrowOpening
from models.vocabulary import Role
from server import sealed
from server.gateways import escrow
from tests.console_browser.test_every_page import SCREENS, told_well
from tests.server.sealed.conftest import NAMES, Holder, Sealer, entered, tickets_of


@pytest.fixture
async def desks(office):
    admin = await office.desk_of("管理员小吴", Role.ADMINISTRATOR)
    return admin, await office.desk_of("罗主任", Role.OFFICE_LEAD)


async def looked_at(one, name):
    for screen, (width, height) in SCREENS.items():
        await one.page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            await one.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            await told_well(one, name, f"{screen}, {scheme}")
            if folder := os.environ.get("SHOTS"):
                file = Path(folder) / f"{name}-{screen}-{scheme}.png"
                await one.page.screenshot(path=file, full_page=True)
    await one.page.set_viewport_size({"width": 1366, "height": 768})


async def test_holders_are_entered_and_an_opening_is_asked_by_hand(window, office, desks):
    admin, lead = desks
    holders = {letter: Holder(*escrow.new_key()) for letter in escrow.HOLDERS}
    async with window(admin) as one:
        await one.open("/console/sealing")
        await looked_at(one, "holders-none")
        for letter, (place, name) in NAMES.items():
            group = one.page.get_by_role("group", name=f"保管人{letter}")
            await group.get_by_label("单位").fill(place)
            await group.get_by_label("姓名").fill(name)
            key = holders[letter].public
            await group.get_by_label("公钥").fill(f"{key[:70]}\n{key[70:]}")
        await one.page.get_by_role("button", name="登记", exact=True).click()
        await one.says(escrow.fingerprint(holders["B"].public))
        await looked_at(one, "holders")

    laoma = await office.phone_of("老马", Role.CITIZEN)
    report = Sealer(office, (await tickets_of(laoma))[0])
    await entered(report)
    number = (await report.look())["receipt_number"]
    async with window(lead) as one:
        await one.open("/console/sealing")
        await one.page.get_by_text("申请打开一个身份信封").click()
        await one.page.get_by_label("回执编号").fill(number.lower())
        await one.page.get_by_label("理由", exact=True).select_option(label="依法调查")
        await one.page.get_by_label("具体说明").fill("涉嫌诬告，依法调查。")
        await one.page.get_by_label("批准文号").fill("银改办〔2026〕7号")
        await one.page.get_by_label("由谁阅读").fill("高监察")
        await one.page.get_by_label("阅读人的公钥").fill(escrow.new_key()[1])
        await looked_at(one, "asking")
        await one.page.get_by_role("button", name="申请打开", exact=True).click()
        await one.says("已有 0 位保管人同意，要两位")
        await looked_at(one, "opening")
        async with one.page.expect_download() as told:
            await one.page.get_by_role("link", name="下载申请文件").click()
        assert (await told.value).suggested_filename.startswith("打开申请-")
        await one.open("/console/sealing")
        await one.page.get_by_role("link", name=number).click()
        await one.says("银改办〔2026〕7号")
    assert (await EscrowOpening.get()).reader_name == "高监察"
    assert await sealed.current()
