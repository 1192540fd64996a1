"""Files: any order, checked by content, scanned where a scanner is set, handed out as they came."""

import asyncio
import hashlib
import zipfile
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import quote
from uuid import uuid4

import pytest

from models import FileArrival, FileLine, Proof
from models.vocabulary import FileKind as K
from models.vocabulary import Role
from server import files
from server.files.checking import kind_of
from server.files.naming import download_name, honest_name
from server.files.refusals import FileHasMacros, FileNotAccepted
from server.gateways.storage.keeping import address
from tests.conftest import a_picture
from tests.server.obligations.conftest import City

PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MEGABYTE = 1024 * 1024


def an_office_file(*names: str, filling: bytes = b"<x/>") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name in ("[Content_Types].xml", *names):
            book.writestr(name, filling)
    return out.getvalue()


DOCX, XLSX = an_office_file("word/document.xml"), an_office_file("xl/workbook.xml")
WITH_MACRO = an_office_file("word/document.xml", "word/vbaProject.bin")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, K.PDF),
        (DOCX, K.DOCX),
        (XLSX, K.XLSX),
        (a_picture(), K.JPEG),
        (a_picture(kind="PNG"), K.PNG),
        (b"\0\0\0\x18ftypheic" + bytes(20), K.HEIC),
    ],
)
def test_a_file_is_what_its_content_says(content, kind):
    assert kind_of(content[:1024], content[-MEGABYTE:]) is kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (WITH_MACRO, FileHasMacros),
        (an_office_file("xl/workbook.xml", "xl/activeX/activeX1.bin"), FileHasMacros),
        (an_office_file("ppt/presentation.xml"), FileNotAccepted),
        (an_office_file("word/document.xml", "xl/workbook.xml"), FileNotAccepted),
        (b"PK\x03\x04 and nothing more", FileNotAccepted),
        (b"MZ\x90\0", FileNotAccepted),
        (b"<html><script>alert(1)</script>", FileNotAccepted),
        (b"\xd0\xcf\x11\xe0 an old .doc", FileNotAccepted),
        (b"", FileNotAccepted),
    ],
)
def test_anything_else_is_refused_whatever_its_name(content, refusal):
    with pytest.raises(refusal):
        kind_of(content[:1024], content[-MEGABYTE:])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("会议纪要.pdf", "会议纪要.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\桌面\\报告.docx", "报告.docx"),
        ('a"b\r\nX: y.pdf', "a_b X_ y.pdf"),
        ("...", "附件"),
        ("", "附件"),
        ("长" * 300, "长" * 120),
    ],
)
def test_a_name_is_only_a_name(typed, name):
    assert honest_name(typed) == name


def test_a_name_ends_as_what_the_file_is():
    assert download_name("报告.exe", "pdf") == "报告.exe.pdf"
    assert download_name("报告.PDF", "pdf") == "报告.PDF"
    assert download_name("照片.jpeg", "jpg") == "照片.jpeg"


@pytest.fixture
async def city(office):
    found = await City(office).open()
    await found.open_day(date(2026, 11, 2))
    found.phone = await office.phone_of("县办小李", Role.OFFICE_STAFF, organisation=found.county)
    found.desk = await office.desk_of("县办小王", Role.OFFICE_STAFF, organisation=found.county)
    return found


def named(content, name="纪要.pdf"):
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "name": name}


async def send(phone, content, *, digest=None):
    digest = digest or hashlib.sha256(content).hexdigest()
    return await phone.post(f"/files/{digest}", files={"file": ("x", content, "application/pdf")})


async def is_kept(city, digest):
    return await city.office.tools.storage.exists(address("files", digest))


async def hand_in(city, *contents, kind="month_report"):
    owed = await city.owed("month_report")
    body = {"kind": kind, "title": "十一月报告", "done_on": "2026-11-02"}
    body |= {"files": [named(one, f"报告{number}.pdf") for number, one in enumerate(contents, start=1)]}
    return await city.phone.post(
        f"/obligations/{owed.id}/proofs", json=body, headers={"idempotency-key": str(uuid4())}
    )


@pytest.mark.parametrize("first", ["the file", "the proof"])
async def test_a_file_may_come_before_or_after_the_record_that_names_it(city, first):
    if first == "the file":
        assert (await send(city.phone, PDF)).status_code == 201
    told = (await hand_in(city, PDF)).json()
    assert told["line"]["state"] == "met"
    assert told["missing"] == ([] if first == "the file" else [named(PDF)["sha256"]])
    if first == "the proof":
        assert (await send(city.phone, PDF)).status_code == 201
    assert (await send(city.phone, PDF)).status_code == 200  # the same again costs nothing
    seen = (await city.phone.get(f"/obligations/{told['line']['id']}")).json()
    (file,) = seen["proofs"][0]["files"]
    assert (file["name"], file["kind"], file["is_here"]) == ("报告1.pdf", "pdf", True)
    answer = await city.phone.get(f"/files/{file['id']}")
    assert answer.content == PDF
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert quote("报告1.pdf") in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_who_may_not_see_the_record_does_not_get_its_file(city):
    await send(city.phone, PDF)
    await hand_in(city, PDF)
    line = await FileLine.get()
    stranger = await city.office.phone_of(
        "市住建局小马", Role.DEPARTMENT_CONTACT, organisation=city.office.bureau
    )
    missing = await stranger.get(f"/files/{uuid4()}")
    answer = await stranger.get(f"/files/{line.id}")
    assert (answer.status_code, answer.json()["code"]) == (404, missing.json()["code"])
    desk = await city.office.desk_of("罗主任乙", Role.OFFICE_LEAD)
    assert (await desk.get(f"/files/{line.id}")).content == PDF


async def test_knowing_a_hash_does_not_give_somebody_elses_file(city):
    """A line is answered by what its own announcer sent, so that announcing a digest reveals nothing."""
    other = await city.office.phone_of("别的县办", Role.OFFICE_STAFF, organisation=city.office.root)
    assert (await send(other, PDF)).status_code == 201
    told = (await hand_in(city, PDF)).json()
    assert told["missing"] == [named(PDF)["sha256"]]
    assert (await city.phone.get(f"/files/{(await FileLine.get()).id}")).status_code == 404


@pytest.mark.parametrize(
    ("content", "digest", "code"),
    [
        (WITH_MACRO, None, "file_has_macros"),
        (b"MZ\x90\0 a program", None, "file_not_accepted"),
        (PDF, "0" * 64, "file_differs"),
        (b"%PDF-" + bytes(50 * MEGABYTE), None, "file_too_big"),
    ],
)
async def test_what_is_refused_leaves_nothing_behind(city, content, digest, code):
    answer = await send(city.phone, content, digest=digest)
    assert answer.json()["code"] in (code, "too_big")
    assert await FileArrival.all().count() == 0
    assert not await is_kept(city, digest or named(content)["sha256"])


async def test_a_file_of_exactly_fifty_megabytes_is_kept(city):
    content = b"%PDF-" + bytes(50 * MEGABYTE - 5)
    assert (await send(city.phone, content)).status_code == 201
    assert (await FileArrival.get()).bytes == 50 * MEGABYTE


async def test_a_file_lies_sealed_in_the_storage(city):
    await send(city.phone, PDF)
    arrival = await FileArrival.get()
    assert PDF not in await city.office.tools.storage.read(arrival.key)


@asynccontextmanager
async def a_scanner(path, *, speaks=True):
    """A stand-in that speaks clamd's protocol and knows one virus."""
    asked = []

    async def serve(reader, writer):
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        asked.append(content)
        if speaks:
            found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
            writer.write(found)
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    async with server:
        yield asked


@pytest.fixture
def scanned(city, app, tmp_path):
    """Let the server use the scanner at the returned path."""
    tools = app.ctx.tools
    path = str(tmp_path / "clamd.sock")
    app.ctx.tools = replace(tools, settings=replace(tools.settings, clamd=path))
    yield path
    app.ctx.tools = tools


async def test_a_scanner_sees_every_byte_and_a_known_virus_is_refused(city, scanned):
    async with a_scanner(scanned) as asked:
        assert (await send(city.phone, PDF)).status_code == 201
        answer = await send(city.phone, b"%PDF-" + EICAR)
        assert (answer.status_code, answer.json()["code"]) == (422, "file_has_virus")
        assert asked == [PDF, b"%PDF-" + EICAR]
    assert [one.is_scanned for one in await FileArrival.all()] == [True]
    assert await is_kept(city, named(PDF)["sha256"])
    assert not await is_kept(city, named(b"%PDF-" + EICAR)["sha256"])


@pytest.mark.parametrize("how", ["away", "silent"])
async def test_a_scanner_that_does_not_answer_lets_nothing_in(city, scanned, how):
    if how == "away":
        answer = await send(city.phone, PDF)
    else:
        async with a_scanner(scanned, speaks=False):
            answer = await send(city.phone, PDF)
    assert (answer.status_code, answer.json()["code"]) == (503, "scanner_unreachable")
    assert await FileArrival.all().count() == 0


async def test_at_the_desk_a_file_is_added_to_a_proof_of_ones_own_organisation(city):
    await hand_in(city)
    proof = await Proof.get()
    address = f"/console/files/{proof.subject_kind}/{proof.subject_id}"
    own = {"origin": city.office.base_url}

    async def add(desk, content):
        upload = {"file": ("十一月.docx", content, "application/octet-stream")}
        return await desk.client.post(address, files=upload, headers=own)

    assert (await add(city.desk, DOCX)).status_code == 303
    assert (await add(city.desk, DOCX)).status_code == 303
    line = await FileLine.get()
    assert (line.name, line.subject_id) == ("十一月.docx", proof.subject_id)
    lead = await city.office.desk_of("罗主任丙", Role.OFFICE_LEAD)
    assert (await add(lead, PDF)).status_code == 404
    assert (await add(city.desk, b"MZ a program")).status_code == 422
    assert await FileLine.all().count() == 1


async def test_what_nothing_named_is_forgotten_after_a_day_and_what_was_named_stays(city):
    await send(city.phone, PDF)
    await send(city.phone, DOCX)
    await hand_in(city, DOCX)
    day, storage = timedelta(days=1), city.office.tools.storage
    assert await files.forget_files(storage=storage, now=city.now + day - timedelta(minutes=1)) == 0
    assert await files.forget_files(storage=storage, now=city.now + day + timedelta(minutes=1)) == 1
    assert [one.kind for one in await FileArrival.all()] == [K.DOCX]
    assert await is_kept(city, named(DOCX)["sha256"])
    assert not await is_kept(city, named(PDF)["sha256"])
