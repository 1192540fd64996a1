"""Styles and scripts: small to transfer, cached by the browser, and never another file of the machine."""

import gzip
import re

from server.web.console import statics

PAGE_LIMIT = 500_000  # bytes on the wire for a first visit, without photos


async def test_a_file_is_kept_for_a_year_under_an_address_of_its_bytes(office):
    answer = await office.client().get(statics.address("console.css"), headers={"accept-encoding": "gzip"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == (statics.FOLDER / "console.css").read_bytes()


async def test_a_browser_that_cannot_unpack_gets_the_plain_file(office):
    answer = await office.client().get(
        statics.address("console.css"), headers={"accept-encoding": "identity"}
    )

    assert "content-encoding" not in answer.headers
    assert answer.content == (statics.FOLDER / "console.css").read_bytes()


async def test_an_address_from_before_a_deployment_is_answered_but_not_kept(office):
    answer = await office.client().get("/console/static/000000000000/console.css")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


async def test_nothing_outside_the_folder_is_given_out(office):
    for path in ("..%2F__init__.py", "vendor%2FREADME.md", "%2Fetc%2Fpasswd", "vendor/tabler/LICENSE"):
        answer = await office.client().get(f"/console/static/0/{path}")
        assert answer.status_code == 404


async def test_a_first_visit_is_light(office):
    chen = await office.desk_of("小陈")
    for path in ("/", "/review", "/ledger"):
        page = (await chen.get(path)).text
        files = set(re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page))
        total = len(gzip.compress(page.encode()))
        for file in files:
            packed = statics.warm()[file.split("/", 4)[4]]
            total += len(packed.packed or packed.content)
        assert len(files) >= 5
        assert total < PAGE_LIMIT
