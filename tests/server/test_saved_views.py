"""Saved views: a filter under the person's own name for it, invisible to others."""

import pytest

from models import SavedView
from models.vocabulary import Role
from server import saved_views
from server.kernel.refusal import NoSuchThing


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


async def save(office, by, name="在办", query="state=in_progress"):
    return await saved_views.save_view(name, page="ledger", query=query, by=by, now=office.watch.now())


async def test_a_view_is_kept_renamed_and_forgotten(office, chen):
    view = await save(office, chen)
    await saved_views.rename_view(view.id, "办理中", by=chen)
    assert [(one.name, one.query) for one in await saved_views.views_of(chen, "ledger")] == [
        ("办理中", "state=in_progress")
    ]
    await saved_views.delete_view(view.id, by=chen)
    assert await saved_views.views_of(chen, "ledger") == []


async def test_the_same_name_again_keeps_the_new_query(office, chen):
    await save(office, chen)
    await save(office, chen, query="year=2026")
    assert [one.query for one in await saved_views.views_of(chen, "ledger")] == ["year=2026"]


async def test_two_views_of_a_person_never_share_a_name(office, chen):
    await save(office, chen, name="甲")
    second = await save(office, chen, name="乙")
    with pytest.raises(saved_views.ViewNameTaken):
        await saved_views.rename_view(second.id, "甲", by=chen)


async def test_nobody_sees_renames_or_deletes_anothers_view(office, chen):
    view = await save(office, chen)
    zhao = await office.actor(await office.enrol("小赵", Role.OFFICE_STAFF))
    assert await saved_views.views_of(zhao, "ledger") == []
    for act in (saved_views.rename_view(view.id, "我的", by=zhao), saved_views.delete_view(view.id, by=zhao)):
        with pytest.raises(NoSuchThing):
            await act


async def test_twenty_are_kept_at_most(office, chen):
    for number in range(saved_views.MOST):
        await save(office, chen, name=f"视图{number}")
    with pytest.raises(saved_views.TooManyViews):
        await save(office, chen)
    await save(office, chen, name="视图0", query="year=2025")


async def test_at_the_desk_the_filter_in_force_is_saved_and_leads_back(office):
    desk = await office.desk_of("小陈")
    answer = await desk.post("/views/ledger", {"name": "本年在办", "year": "2026", "state": "in_progress"})
    assert answer.status_code == 303
    view = await SavedView.get()
    assert (view.name, view.query) == ("本年在办", "state=in_progress&year=2026")
    assert answer.headers["location"] == f"/console/ledger?{view.query}"
    assert (await desk.get(f"/ledger?{view.query}")).status_code == 200

    assert (await desk.post("/views/ledger", {"name": "乱写", "state": "nonsense"})).status_code == 422
    await desk.post(f"/views/{view.id}/name", {"name": "在办"})
    assert (await SavedView.get()).name == "在办"
    await desk.post(f"/views/{view.id}/deletion", {})
    assert not await SavedView.exists()


async def test_a_view_knows_lights_to_dos_and_months_and_stands_above_the_list(office):
    desk = await office.desk_of("小陈")
    form = {"name": "红灯", "light": "red", "closed_in": "2026-11"}
    await desk.post("/views/ledger", form)
    view = await SavedView.get()
    assert view.query == "light=red&closed_in=2026-11"

    page = (await desk.get(f"/ledger?{view.query}")).text
    assert f'href="/console/ledger?{view.query.replace("&", "&amp;")}" aria-current="page"' in page
    assert "只列出“2026年11月销号”的台账" in page
    assert '<input type="hidden" name="light" value="red">' in page  # the export's own form
