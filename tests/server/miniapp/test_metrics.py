"""Monitoring reads counts of routes and jobs, on this machine or by its token; nobody else learns that they exist."""

import dataclasses

import pytest

from models.vocabulary import Role


@pytest.fixture
def line(office):
    return office.client()


async def test_requests_are_counted_by_route_and_outcome_and_name_nobody(office, line):
    laoma = await office.phone_of("老马")
    await laoma.get("/receipts/ABCDE-23456")

    told = (await line.get("/metrics")).text

    assert 'http_requests_total{method="GET",route="/api/v1/receipts/<number:str>",status="404"} ' in told
    assert 'http_request_seconds_bucket{route="/api/v1/receipts/<number:str>",le="+Inf"} ' in told
    assert "duchatong_jobs_waiting " in told
    assert "duchatong_database_away_total 0\n" in told
    assert "ABCDE-23456" not in told


async def test_each_line_is_what_prometheus_reads(line):
    await line.get("/live")
    told = (await line.get("/metrics")).text

    for one in told.splitlines():
        assert one.startswith("# TYPE ") or float(one.rpartition(" ")[2]) >= 0
    assert "http_requests_under_way 1" in told, "itself"


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip"])
async def test_what_a_proxy_passes_on_finds_no_such_page(line, header):
    answer = await line.get("/metrics", headers={header: "127.0.0.1"})

    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_thing")


async def test_another_machine_reads_with_the_token(office, line, app):
    tools = app.ctx.tools
    app.ctx.tools = dataclasses.replace(
        tools, settings=dataclasses.replace(tools.settings, metrics_token="its-own-token")
    )
    far = {"x-forwarded-for": "10.0.0.9"}
    try:
        right = await line.get("/metrics", headers=far | {"authorization": "Bearer its-own-token"})
        wrong = await line.get("/metrics", headers=far | {"authorization": "Bearer another-token"})
    finally:
        app.ctx.tools = tools

    assert (right.status_code, wrong.status_code) == (200, 404)


async def test_the_phones_of_no_duty_read_nothing_more(office):
    zheng = await office.desk_of("审计员老郑", Role.AUDITOR)

    assert (await zheng.client.get("/metrics", headers={"via": "1.1 proxy"})).status_code == 404
