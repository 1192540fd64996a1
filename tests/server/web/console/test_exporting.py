"""Exports on the console: requested with the list's own filter, watched, fetched."""

from models import Export
from models.vocabulary import ExportState, Role
from server.gateways.workbooks import read_sheet
from tests.conftest import until
from tests.factories import registered_item


async def test_an_export_is_asked_watched_and_fetched(office):
    chen = await office.desk_of("小陈")
    await office.stop_working()
    await registered_item(office, by=chen)

    answer = await chen.post("/exports/ledger", {"state": "registered", "kind": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/exports")
    page = (await chen.get("/exports")).text
    assert 'hx-trigger="every 2s"' in page
    assert "<progress" in page
    assert 'href="/console/ledger?state=registered"' in page
    office.start_working()

    async def ready():
        return await Export.get_or_none(state=ExportState.READY)

    export = await until(ready)
    part = (await chen.get("/exports", part=True)).text
    assert "<html" not in part
    assert "every 2s" not in part
    file = await chen.get(f"/exports/{export.id}/file")
    assert file.headers["content-type"].endswith("spreadsheetml.sheet")
    assert file.headers["cache-control"] == "no-store"
    assert read_sheet(file.content)[-1].cells[1] == "路口坑槽"

    zhao = await office.desk_of("小赵", Role.OFFICE_LEAD)
    assert (await zhao.get(f"/exports/{export.id}/file")).status_code == 404
    assert "还没有导出过" in (await zhao.get("/exports")).text
