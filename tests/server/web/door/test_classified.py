"""Secrets have no place here (LET-08): their markings are refused wherever text enters, except in a warning of them."""

from io import BytesIO
from uuid import uuid4

import pytest
import xlsxwriter

from models import LedgerItem, Observation, ThreadMessage
from models.vocabulary import Role
from tests.conftest import a_report
from tests.factories import dispatched_item, registered_item

SECRET = "附件是机 密★三年的文件"


async def test_let_08_a_phone_is_told_where_such_matters_belong_and_nothing_is_kept(office):
    laoma = await office.phone_of("老马")
    for report in (a_report(text=SECRET), a_report(place=a_report()["place"] | {"name": "绝密库房"})):
        answer = await laoma.submit(report)
        assert (answer.status_code, answer.json()["code"]) == (422, "classified")
        assert "机要渠道" in answer.json()["hint_zh"]
    client_id = uuid4()
    await laoma.submit(a_report(), client_id)
    assert (await laoma.post(f"/observations/{client_id}/messages", json={"text": SECRET})).status_code == 422
    assert await Observation.all().count() == 1
    assert not await ThreadMessage.exists()


async def test_let_08_a_unit_s_words_are_refused_too(office):
    chen = await office.desk_of("小陈")
    item = await dispatched_item(office, by=chen, days=5)
    contact = await office.phone_of("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    ack = await contact.post(
        f"/ledger-items/{item.id}/acknowledgements", json={"version": item.version}, headers=a_key()
    )
    assert ack.status_code == 201
    told = {"version": item.version + 1, "percent": 10, "text": SECRET}
    answer = await contact.post(f"/ledger-items/{item.id}/progress-reports", json=told, headers=a_key())
    assert answer.json()["code"] == "classified"


def a_key():
    return {"Idempotency-Key": uuid4().hex}


async def test_let_08_the_desk_s_forms_refuse_it_and_show_why(office):
    chen = await office.desk_of("小陈")
    item = await registered_item(office, by=chen)
    form = {"version": item.version, "title": "绝密事项", "summary": "", "place_name": ""}
    answer = await chen.post(f"/ledger/{item.id}/amendments", form)
    assert answer.status_code == 422
    assert "涉密标志“绝密”" in answer.text
    assert (await LedgerItem.get(id=item.id)).title == "路口坑槽"


@pytest.mark.parametrize("page", ["/ledger/imports/previews", "/tasks/imports?year=2026"])
async def test_let_08_a_sheet_with_a_marking_is_refused_whole(office, page):
    chen = await office.desk_of("小陈")
    written = BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet().write_row(0, 0, ["编号", "标题", "机密★10年"])
    files = {"file": ("台账.xlsx", written.getvalue())}
    origin = str(chen.client.base_url).rstrip("/")
    answer = await chen.client.post(f"/console{page}", files=files, headers={"origin": origin})
    assert "涉密标志“机密”" in answer.text


async def test_let_08_the_office_may_warn_a_reporter_of_secrets(office):
    laoma, chen = await office.phone_of("老马"), await office.desk_of("小陈")
    await laoma.submit(a_report())
    [report] = await office.reports_of(laoma.person)
    answer = await chen.post(f"/review/{report.id}/messages", {"text": "照片里的文件涉密，请不要再传。"})
    assert answer.status_code == 303
