"""小陈 dispatches, 王科长 acknowledges and submits from the phone, 罗主任 compares before with after and approves."""

import os
from pathlib import Path
from uuid import uuid4

from models import LedgerItem, Observation, Rendition
from models.vocabulary import LedgerState, Role
from tests.conftest import a_picture, a_report, sha256, until

LOOKS = [(1366, 768, "light"), (1920, 1080, "light"), (1366, 768, "dark")]


async def developed(count):
    async def enough():
        return await Rendition.filter(size="large").count() >= count

    await until(enough)


async def from_the_phone(office, item, picture):
    """王科长 acknowledges the item and requests its close-out, with the mini-program's own calls."""
    wang = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)
    await LedgerItem.filter(id=item.id).update(commissioner_id=wang.person.id)
    for noun, body in (
        ("acknowledgements", {}),
        (
            "close-out-requests",
            {
                "text": "已铣刨重铺，请现场核验。",
                "evidence": [{"sha256": sha256(picture), "bytes": len(picture), "kind": "after"}],
            },
        ),
    ):
        version = (await LedgerItem.get(id=item.id)).version
        done = await wang.post(
            f"/ledger-items/{item.id}/{noun}",
            json={"version": version} | body,
            headers={"idempotency-key": str(uuid4())},
        )
        assert done.status_code == 201, done.text
    await wang.upload(picture)


async def test_an_item_goes_to_its_end_between_desk_and_phone(office, window):
    chen, luo = await office.desk_of("小陈"), await office.desk_of("罗主任", Role.OFFICE_LEAD)
    laoma = await office.phone_of("老马")
    before, after = a_picture("sienna"), a_picture("seagreen")
    await laoma.submit(a_report(before), uuid4())
    await laoma.upload(before)
    await developed(1)
    report = await Observation.get()
    form = {"version": report.version, "title": "北京路民族街口坑槽", "kind": "problem"}
    await chen.post(f"/review/{report.id}/acceptance", form, part=True)
    item = await LedgerItem.get()

    async with window(chen) as desk:
        await desk.open(f"/console/ledger/{item.id}")
        await desk.says("15个工作日")
        await desk.page.get_by_label("承办单位").fill("市住房城乡建设局")
        await desk.page.get_by_label("工作日").fill("5")
        await desk.says("期限：5个工作日")
        await look(desk, "dispatching")
        await desk.page.get_by_role("button", name="分办", exact=True).click()
        await desk.says("已分办给市住房城乡建设局")

    await from_the_phone(office, item, after)
    await developed(2)

    for width, height, scheme in LOOKS:
        async with window(luo, width=width, height=height, scheme=scheme) as desk:
            await desk.open(f"/console/ledger/{item.id}")
            pair = desk.page.locator("[data-before] img, [data-after] img")
            assert await pair.count() == 2
            await look(desk, f"closing-{width}-{scheme}")

    async with window(luo) as desk:
        await desk.open(f"/console/ledger/{item.id}")
        await desk.page.get_by_label("意见").fill("现场已核")
        await desk.page.get_by_role("button", name="同意销号").click()
        await desk.says("已同意销号")
        await desk.open("/console/ledger")
        await look(desk, "list")
    assert (await LedgerItem.get()).state is LedgerState.CLOSED


async def look(desk, name):
    """Save a picture of the page if LOOK names a folder, for people who want to see it."""
    if folder := os.environ.get("LOOK"):
        await desk.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
