"""A photo arrives in parts over a bad connection: what is confirmed is never requested again (SUB-04)."""

import asyncio
import base64
import hashlib
import json
import random
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tusclient import client as tus

from models import Photo, PhotoDay, Upload
from server import photos
from server.jobs.timetable import forget_uploads
from server.kernel.refusal import NoSuchThing
from server.trial.node_packages import environment
from tests.conftest import a_picture, a_report, sha256

HARNESS = Path(__file__).parents[2] / "miniprogram"
PART = 64 * 1024
SPOKEN = {"Tus-Resumable": "1.0.0"}
OCTETS = "application/offset+octet-stream"


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


def a_large_picture(seed=1, *, size=(700, 500)):
    """Return a picture of noise, about 600 KB."""
    noise = random.Random(seed).randbytes(size[0] * size[1] * 3)
    out = BytesIO()
    Image.frombytes("RGB", size, noise).save(out, "JPEG", quality=90)
    return out.getvalue()


def metadata(digest):
    return (
        f"filename {base64.b64encode(b'p.jpg').decode()},sha256 {base64.b64encode(digest.encode()).decode()}"
    )


class Sender:
    """A tus client that sends one photo, step by step."""

    def __init__(self, phone, picture, *, digest=None, length=None):
        self.phone, self.picture = phone, picture
        self.digest, self.length = digest or sha256(picture), length or len(picture)
        self.address = f"/uploads/{self.digest}-{self.length}"

    async def begin(self, **headers):
        told = {"Upload-Length": str(self.length), "Upload-Metadata": metadata(self.digest)}
        return await self.phone.post("/uploads", headers=SPOKEN | told | headers)

    async def see(self):
        return await self.phone.client.head(f"/api/v1{self.address}", headers=SPOKEN)

    async def send(self, at, part=None, *, method="PATCH", **headers):
        part = self.picture[at : at + PART] if part is None else part
        told = {"Upload-Offset": str(at), "Content-Type": OCTETS}
        over = {} if method == "PATCH" else {"X-HTTP-Method-Override": "PATCH"}
        return await self.phone.client.request(
            method, f"/api/v1{self.address}", content=part, headers=SPOKEN | told | over | headers
        )

    async def send_all(self, at=0, **how):
        while at < self.length:
            answer = await self.send(at, **how)
            assert answer.status_code == 204, answer.text
            at = int(answer.headers["upload-offset"])
        return answer


async def parts_of(office, upload):
    return [key async for key in office.tools.storage.keys(f"parts/{upload[:2]}/{upload}")]


def code_of(answer):
    return answer.json()["code"]


@pytest.mark.parametrize("method", ["PATCH", "POST"])
async def test_a_photo_in_parts_completes_the_report_that_waits_for_it(laoma, method):
    picture = a_large_picture()
    report = await laoma.submit(a_report(picture))
    assert report.json()["state"] == "waiting_media"
    sender = Sender(laoma, picture)

    begun = await sender.begin()
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "0")
    assert begun.headers["location"] == f"/api/v1{sender.address}"
    assert begun.headers["tus-resumable"] == "1.0.0"
    assert "GMT" in begun.headers["upload-expires"]
    done = await sender.send_all(method=method)

    assert done.headers["upload-offset"] == str(len(picture))
    seen = await laoma.get(f"/observations/{report.json()['client_id']}")
    assert (seen.json()["state"], seen.json()["missing"]) == ("received", [])
    assert (await sender.see()).headers["upload-offset"] == str(len(picture))
    assert (await sender.begin()).headers["upload-offset"] == str(len(picture))
    assert (await laoma.upload(picture)).status_code == 200


async def test_a_lost_answer_costs_no_byte_that_was_confirmed(laoma):
    picture = a_large_picture()
    sender = Sender(laoma, picture)
    await sender.begin()
    await sender.send(0)
    lost = await sender.send(0)  # its answer never came, so the phone sends again
    assert (lost.status_code, code_of(lost)) == (409, "offset_differs")
    assert lost.headers["tus-resumable"] == "1.0.0"
    assert (await sender.see()).headers["upload-offset"] == str(PART)
    assert (await sender.begin()).headers["upload-offset"] == str(PART)
    await sender.send_all(at=PART)
    assert await Photo.filter(sha256=sha256(picture)).count() == 1


async def test_what_lies_on_the_disk_counts_though_the_process_died_before_it_was_written_down(office, laoma):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    await sender.send(0)
    await Upload.all().update(confirmed=0)  # as a kill between part and row leaves it
    assert (await sender.see()).headers["upload-offset"] == str(PART)
    await sender.send_all(at=PART)

    await Upload.all().update(finished=False, confirmed=0)
    await laoma.submit(a_report(sender.picture))
    whole = Sender(laoma, a_large_picture(2))
    await whole.begin()
    upload = await Upload.filter(finished=False, length=whole.length).get()
    parts = photos.uploads._parts(upload.key, tools=office.tools)
    for at in range(0, whole.length, PART):  # as a kill between the last part and the end leaves it
        assert await parts.add(at, whole.picture[at : at + PART])
    assert (await whole.see()).headers["upload-offset"] == str(whole.length)
    assert await Photo.exists(sha256=whole.digest)


async def test_of_several_writers_at_one_place_one_is_heard_and_no_byte_is_spoilt(laoma):
    for seed in range(8):
        picture = a_large_picture(seed, size=(400, 300))
        sender = Sender(laoma, picture)
        await sender.begin()
        lengths = (4096, 8000, 30_000, 64_000)
        answers = await asyncio.gather(*(sender.send(0, picture[:length]) for length in lengths))
        assert sorted(one.status_code for one in answers) == [204, 409, 409, 409]
        at = int((await sender.see()).headers["upload-offset"])
        assert at in lengths
        await sender.send_all(at=at)
        assert await Photo.exists(sha256=sender.digest)


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
async def test_a_part_with_another_checksum_is_not_kept(laoma, algorithm):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    right = base64.b64encode(hashlib.new(algorithm, sender.picture[:PART]).digest()).decode()
    wrong = await sender.send(0, sender.picture[1 : PART + 1], **{"Upload-Checksum": f"{algorithm} {right}"})
    assert (wrong.status_code, code_of(wrong)) == (460, "checksum_differs")
    assert (await sender.see()).headers["upload-offset"] == "0"
    assert (await sender.send(0, **{"Upload-Checksum": f"{algorithm} {right}"})).status_code == 204


async def test_bytes_of_another_photo_are_refused_at_the_end_and_forgotten(laoma):
    picture = a_large_picture(size=(200, 100))
    sender = Sender(laoma, picture, digest="0" * 64)
    await sender.begin()
    answer = await sender.send(0, picture)
    assert (answer.status_code, code_of(answer)) == (422, "digest_differs")
    assert (await sender.see()).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "wrong_tus_version"),
        ({"Upload-Length": ""}, 400, "bad_upload"),
        ({"Upload-Length": "0"}, 400, "bad_upload"),
        ({"Upload-Length": "-1"}, 400, "bad_upload"),
        ({"Upload-Length": str(10 * 1024 * 1024 + 1)}, 413, "too_big"),
        ({"Upload-Metadata": ""}, 400, "bad_upload"),
        ({"Upload-Metadata": "sha256 %%%"}, 400, "bad_upload"),
        ({"Upload-Metadata": metadata("A" * 64)}, 400, "bad_upload"),
    ],
)
async def test_a_beginning_that_is_none_is_refused_in_words(laoma, headers, status, code):
    answer = await Sender(laoma, a_picture()).begin(**headers)
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert not await Upload.exists()


async def test_a_part_that_is_none_is_refused_in_words(laoma):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    refused = [
        (await sender.send(0, **{"Content-Type": "image/jpeg"}), 415, "not_a_part"),
        (await sender.send(0, **{"Tus-Resumable": "2"}), 412, "wrong_tus_version"),
        (await sender.send(1), 409, "offset_differs"),
        (await sender.send(0, **{"Upload-Offset": "x"}), 400, "bad_upload"),
        (await sender.send(0, **{"Upload-Checksum": "md5 AAAA"}), 400, "bad_upload"),
        (await sender.send(0, bytes(256 * 1024 + 1)), 413, "too_big"),
        (await sender.send(0, method="POST", **{"X-HTTP-Method-Override": "PUT"}), 405, "no_such_method"),
    ]
    assert [(answer.status_code, code_of(answer)) for answer, _, _ in refused] == [one[1:] for one in refused]
    short = Sender(laoma, a_picture())
    await short.begin()
    assert (await short.send(0, short.picture + b"!")).status_code == 413
    for address in ("x", f"{sender.digest}-0", f"{sender.digest}-99999999", f"{'f' * 64}-5"):
        assert (await laoma.client.head(f"/api/v1/uploads/{address}", headers=SPOKEN)).status_code == 404


async def test_another_person_s_upload_is_as_missing_as_none(office, laoma):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    await sender.send(0)
    stranger = Sender(await office.phone_of("小李"), sender.picture)
    assert (await stranger.see()).status_code == 404
    assert (await stranger.begin()).headers["upload-offset"] == "0"


async def test_a_sender_has_a_limit_of_what_is_begun(laoma):
    senders = [Sender(laoma, b"", digest=f"{number:064x}", length=1000) for number in range(21)]
    answers = [await sender.begin() for sender in senders]
    assert [one.status_code for one in answers] == [201] * 20 + [429]
    assert code_of(answers[-1]) == "too_many_unnamed"
    await laoma.client.delete(f"/api/v1{senders[0].address}", headers=SPOKEN)
    assert (await senders[-1].begin()).status_code == 201


async def test_bytes_that_are_begun_have_a_limit_too(laoma):
    ten = 10 * 1024 * 1024
    codes = [
        (await Sender(laoma, b"", digest=f"{n:064x}", length=ten).begin()).status_code for n in range(11)
    ]
    assert codes == [201] * 10 + [429]


async def test_after_a_day_an_upload_is_begun_anew_and_what_still_lies_there_counts(office, laoma):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    await sender.send(0)
    office.watch.ahead += timedelta(hours=24)
    ended = await sender.see()
    assert (ended.status_code, ended.headers["tus-resumable"]) == (410, "1.0.0")
    assert (await sender.send(PART)).status_code == 410
    assert (await sender.begin()).headers["upload-offset"] == str(PART)
    await sender.send_all(at=PART)


async def test_a_whole_photo_that_is_sent_again_a_day_later_is_begun_from_nothing_and_kept(office, laoma):
    sender = Sender(laoma, a_large_picture())
    for day in range(2):
        begun = await sender.begin()
        assert (begun.status_code, begun.headers["upload-offset"]) == (201, "0"), day
        await sender.send_all()
        assert (await sender.see()).headers["upload-offset"] == str(sender.length)
        office.watch.ahead += timedelta(hours=24)
    kept = await Photo.filter(sha256=sender.digest)
    assert {await office.tools.storage.read(one.key, seal=office.tools.keys) for one in kept} == {
        sender.picture
    }


async def test_the_sweep_takes_parts_and_rows_of_yesterday(office, laoma):
    old, new = Sender(laoma, a_large_picture(1)), Sender(laoma, a_large_picture(2))
    await old.begin()
    await old.send(0)
    forgotten = (await Upload.get()).key
    assert await parts_of(office, forgotten)
    office.watch.ahead += timedelta(hours=48)
    await new.begin()
    await new.send(0)
    await forget_uploads(office.tools)
    assert await Upload.all().count() == 1
    assert not await parts_of(office, forgotten)
    assert (await new.see()).headers["upload-offset"] == str(PART)


async def test_parts_on_the_disk_and_rows_tell_neither_the_picture_nor_the_sender(office, laoma):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    await sender.send(0)
    (key,) = await parts_of(office, (await Upload.get()).key)
    kept = await office.tools.storage.read(key)
    assert sender.picture[:16] not in kept
    told = str(await Upload.all().values()) + key + str(await PhotoDay.all().values())
    assert sender.digest not in told
    assert str(laoma.person.id) not in told


async def test_a_part_has_four_kilobytes_at_least_but_for_the_last_one(office, laoma):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    refused = await sender.send(0, sender.picture[:4095])
    assert (refused.status_code, code_of(refused)) == (400, "part_too_small")
    assert "不少于4KB" in refused.json()["hint_zh"]
    assert not await parts_of(office, (await Upload.get()).key)
    assert (await sender.send(0, sender.picture[:4096])).status_code == 204
    short = Sender(laoma, a_picture("teal", size=(2, 2)))
    await short.begin()
    assert (await short.send(0)).status_code == 204


async def test_a_part_that_comes_after_giving_up_is_not_left_behind(office, laoma):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    upload = await Upload.get()
    parts = photos.uploads._parts(upload.key, tools=office.tools)
    await photos.uploads.give_up(photos.uploads.Coming(upload, parts, 0))
    with pytest.raises(NoSuchThing):
        await photos.uploads.add(photos.uploads.Coming(upload, parts, 0), sender.picture[:PART])
    assert not await parts_of(office, upload.key)


async def test_giving_up_forgets_what_came(laoma):
    sender = Sender(laoma, a_large_picture())
    await sender.begin()
    await sender.send(0)
    dropped = await laoma.client.delete(f"/api/v1{sender.address}", headers=SPOKEN)
    assert dropped.status_code == 204
    assert (await sender.see()).status_code == 404


async def test_anybody_may_ask_what_is_understood(office):
    answer = await office.client().options("/api/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-extension"] == "creation,checksum,expiration,termination"
    assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"
    assert answer.headers["tus-max-size"] == "10485760"


async def test_tuspy_sends_a_photo(laoma, tmp_path):
    picture = a_large_picture()
    (tmp_path / "p.jpg").write_bytes(picture)
    server = str(laoma.client.base_url).rstrip("/")

    def send():
        headers = {"Authorization": laoma.client.headers["authorization"]}
        uploader = tus.TusClient(f"{server}/api/v1/uploads", headers=headers).uploader(
            str(tmp_path / "p.jpg"),
            chunk_size=PART,
            metadata={"sha256": sha256(picture)},
            upload_checksum=True,
        )
        uploader.upload()

    await asyncio.to_thread(send)
    assert await Photo.exists(sha256=sha256(picture))


JS = """
import fs from 'node:fs'
import * as tus from 'tus-js-client'
const [server, file, sha256, authorization] = process.argv.slice(2)
const upload = new tus.Upload(fs.readFileSync(file), {
  endpoint: server + '/api/v1/uploads', chunkSize: 65536, metadata: { sha256 }, headers: { authorization },
  overridePatchMethod: true, storeFingerprintForResuming: false, retryDelays: null,
  onError: (error) => { console.error(String(error)); process.exit(1) },
  onSuccess: () => console.log(JSON.stringify({ url: upload.url })),
})
upload.start()
"""


async def test_tus_js_client_sends_a_photo(laoma, tmp_path):
    picture = a_large_picture()
    (tmp_path / "p.jpg").write_bytes(picture)
    server = str(laoma.client.base_url).rstrip("/")
    words = [server, str(tmp_path / "p.jpg"), sha256(picture), laoma.client.headers["authorization"]]
    done = await asyncio.to_thread(
        subprocess.run,
        ["node", "--input-type=module", "-", *words],
        input=JS,
        cwd=HARNESS,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["url"].endswith(f"{sha256(picture)}-{len(picture)}")
    assert await Photo.exists(sha256=sha256(picture))


async def test_whole_photos_and_photos_in_parts_at_once_stay_within_one_quota(laoma, monkeypatch):
    quota = 1_000_000  # three of the twelve
    monkeypatch.setattr(photos.allowing, "MOST_UNNAMED", quota)
    monkeypatch.setattr(photos.uploads, "MOST_UNNAMED", quota)
    pictures = [a_large_picture(seed) for seed in range(12)]

    async def in_parts(picture):
        sender = Sender(laoma, picture)
        at = 0 if (await sender.begin()).status_code == 201 else sender.length
        while at < sender.length:
            answer = await sender.send(at)
            if answer.status_code != 204:
                return
            at = int(answer.headers["upload-offset"])

    whole = [laoma.upload(picture) for picture in pictures[:6]]
    await asyncio.gather(*whole, *(in_parts(picture) for picture in pictures[6:]))

    kept = await Photo.filter(unnamed_key__isnull=False)
    assert 0 < sum(photo.bytes for photo in kept) <= quota
