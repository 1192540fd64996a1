"""A unit keeps its bank on the phone."""

from uuid import uuid4

import pytest

from models.vocabulary import OrganisationKind, Role
from server import people

TRIAGE = {"kind": "bottleneck", "cause": "policy", "difficulty": "hard", "solver": "city"}


async def do(phone, path, **body):
    return await phone.post(path, json=body, headers={"Idempotency-Key": uuid4().hex})


@pytest.fixture
async def liu(office):
    return await office.phone_of("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)


async def test_from_intake_to_the_agenda_on_a_phone(liu):
    taken = await do(liu, "/problems", title="加装电梯审批环节多", summary="涉及五个部门")
    assert taken.status_code == 201, taken.text
    path = f"/problems/{taken.json()['line']['id']}"
    assert taken.json()["line"]["number"] == "市住建局-问题-2026-0001"

    triaged = await do(liu, f"{path}/triages", version=1, found=TRIAGE)
    assert triaged.json()["line"]["state_label"] == "已研判"
    await do(liu, f"{path}/follow-ups", version=2, text="已会商一次")
    sent = await do(liu, f"{path}/escalations", version=3, request="请市级明确牵头部门")
    assert sent.status_code == 201, sent.text
    card = (await liu.get(path)).json()
    assert (card["line"]["bank"], card["line"]["origin"]) == ("改革办", "市住建局")
    assert [one["words"].partition("：")[0] for one in card["timeline"]] == [
        "归集入库，编号市住建局-问题-2026-0001",
        "研判",
        "跟进",
        "提请深改委",
    ]
    page = (await liu.get("/problems?state=escalated")).json()
    assert (page["total"], page["items"][0]["touched_on"]) == (1, page["items"][0]["collected_on"])


async def test_what_is_wrong_is_named(liu):
    wrong = await do(liu, "/problems", title="短", sources=[{"kind": "gossip"}])
    assert {one["field"] for one in wrong.json()["fields"]} == {"title", "sources.[0].kind"}
    unnamed = await do(liu, "/problems", title="会议提出", sources=[{"kind": "meeting"}])
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "no_such_source")
    task = await do(liu, "/problems", title="任务不明", task_id=str(uuid4()))
    assert (task.status_code, task.json()["code"]) == (422, "no_such_task")


async def test_a_foreign_and_a_missing_problem_answer_the_same(liu, office):
    taken = (await do(liu, "/problems", title="本单位的")).json()["line"]["id"]
    other = await people.add_organisation(
        "市城市管理局", code="city", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )
    neighbour = await office.phone_of("邻居", Role.DEPARTMENT_CONTACT, organisation=other)
    foreign, missing = await neighbour.get(f"/problems/{taken}"), await neighbour.get(f"/problems/{uuid4()}")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() | {"request_id": ""} == missing.json() | {"request_id": ""}
    citizen = await office.phone_of("群众甲", Role.CITIZEN)
    assert (await citizen.get(f"/problems/{taken}")).status_code == 403
