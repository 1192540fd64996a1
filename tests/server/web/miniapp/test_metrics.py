"""Monitoring reads counts of routes and jobs, locally or with its token; nobody else learns that they exist."""

import dataclasses
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from models.vocabulary import Role
from server.web.door.metrics import Measure

NAMES = (
    "jobs_waiting",
    "oldest_job_seconds",
    "subscribe_messages_waiting",
    "subscribe_messages_failed",
    "subscribe_messages_unknown",
    "digests_failed",
    "reminders_troubled",
    "reminders_late",
    "journal_entries",
    "database_connections",
    "database_away",  # read as a counter: on the page `_total`
    "storage_free_bytes",
)


@pytest.fixture
def line(office):
    return office.client()


async def test_requests_are_counted_by_route_and_outcome_and_name_nobody(office, line):
    laoma = await office.phone_of("老马")
    await laoma.get("/receipts/ABCDE-23456")

    told = (await line.get("/metrics")).text

    assert 'http_requests_total{method="GET",route="/api/v1/receipts/<number:str>",status="404"} ' in told
    assert 'http_request_seconds_bucket{le="+Inf",route="/api/v1/receipts/<number:str>"} ' in told
    assert "duchatong_jobs_waiting " in told
    assert "duchatong_database_away_total 0.0\n" in told
    assert "ABCDE-23456" not in told


async def test_a_sealed_report_is_counted_as_a_sign_in_is(office, app, line):
    """Requests for a sealed report are counted together with those of everybody who opens the program."""
    asked = [
        (method, re.sub(r"<\w+:\w+>", "0" * 64, f"/{route.path}"))
        for route in app.router.routes
        for method in sorted(route.methods - {"OPTIONS"})
        if route.path.startswith(("api/v1/sealed", "api/v1/sessions", "api/v1/tickets"))
    ]
    assert len(asked) > 6
    app.ctx.measure = Measure()
    for method, address in asked:
        await line.request(method, address)

    told = [one for one in (await line.get("/metrics")).text.splitlines() if "http_requests_total{" in one]
    assert [one.partition("} ")[0] for one in told] == [
        'http_requests_total{method="any",route="/api/v1/sealed",status="400"'
    ]
    assert told[0].endswith(f" {len(asked)}.0")


async def test_prometheus_reads_every_figure_under_its_name(line):
    await line.get("/live")
    told = (await line.get("/metrics")).text

    read = {one.name: one for one in text_string_to_metric_families(told)}
    assert {one for one in read if one.startswith("duchatong_")} == {f"duchatong_{name}" for name in NAMES}
    assert read["http_requests_under_way"].samples[0].value == 1, "itself"
    assert read["duchatong_storage_free_bytes"].samples[0].value > 0
    live = [one for one in read["http_requests"].samples if one.labels["route"] == "/live"]
    assert [(one.labels["method"], one.labels["status"]) for one in live] == [("GET", "200")]


async def test_no_figure_tells_when_something_happened_first(office, line):
    laoma = await office.phone_of("老马")
    await laoma.get("/receipts/ABCDE-23456")
    assert "_created" not in (await line.get("/metrics")).text


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
