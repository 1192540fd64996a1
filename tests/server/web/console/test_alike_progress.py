"""Three equal progress reports in a row are pointed out where the item is read."""

import pytest

from models import LedgerItem
from models.vocabulary import LedgerState, Role
from tests.factories import registered_item


@pytest.fixture
async def wang(office):
    return await office.desk_of("王科长", Role.COMMISSIONER, organisation=office.bureau)


async def test_the_third_alike_is_pointed_out_to_both_until_something_new_is_said(office, wang):
    chen = await office.desk_of("小陈")
    held = {"lead_unit_id": office.bureau.id, "commissioner_id": wang.person.id}
    item = await registered_item(office, by=chen, state=LedgerState.IN_PROGRESS, **held)

    async def reports(text):
        version = (await LedgerItem.get(id=item.id)).version
        form = {"version": version, "percent": 20, "text": text}
        done = await wang.post(f"/ledger/{item.id}/progress-reports", form)
        assert done.status_code == 303

    for text, is_told in (
        ("正在推进。", False),
        ("正在推进", False),
        ("正在 推进！", True),
        ("已招标", False),
    ):
        await reports(text)
        for desk in (chen, wang):
            page = (await desk.get(f"/ledger/{item.id}")).text
            assert ("最近三次填报的进展内容相同" in page) is is_told
    assert page.count("（进展雷同）") == 1
    assert "填报进展20%：正在 推进！（进展雷同）" in page
