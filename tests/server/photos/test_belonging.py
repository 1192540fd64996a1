"""A photo belongs to what names it: none of its rows reveals who sent it."""

from datetime import timedelta
from uuid import uuid4

from models import ManifestLine, Observation, Photo, Redaction
from models.vocabulary import Role
from server import photos
from server.photos import Box
from tests.conftest import a_picture, a_report, sha256

PERSONS_WORDS = ("owner", "person", "sender", "by_id", "reporter")


async def test_no_column_of_a_photo_or_a_manifest_names_a_person(office):
    for model in (Photo, ManifestLine):
        assert not [
            name for name in model._meta.fields_db_projection.values() if name.startswith(PERSONS_WORDS)
        ]

    laoma = await office.phone_of("老马", Role.CITIZEN)
    named, loose = a_picture("red"), a_picture("blue")
    await laoma.submit(a_report(named), uuid4())
    await laoma.upload(named)
    await laoma.upload(loose)
    rows = [*await Photo.all().values(), *await ManifestLine.all().values()]
    told = " ".join(str(value) for row in rows for value in row.values())
    assert str(laoma.person.id) not in told
    assert laoma.person.id.hex not in told


async def test_a_photo_named_by_a_report_belongs_to_it(office):
    laoma, picture, client_id = await office.phone_of("老马"), a_picture(), uuid4()
    await laoma.upload(picture)
    assert (await Photo.get()).subject_id is None
    await laoma.submit(a_report(picture), client_id)
    photo, report = await Photo.get(), await Observation.get()
    assert (photo.subject_kind, photo.subject_id, photo.unnamed_key) == ("observation", report.id, None)


async def test_a_second_report_gets_the_photo_of_the_first_without_another_upload(office):
    laoma, picture = await office.phone_of("老马"), a_picture()
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    receipt = await laoma.submit(a_report(picture, text="另一件事"), uuid4())
    assert (receipt.json()["state"], receipt.json()["missing"]) == ("received", [])
    first, second = await Photo.all()
    assert (first.key, first.sha256) == (second.key, second.sha256)
    assert first.subject_id != second.subject_id


async def test_one_upload_completes_every_report_of_mine_that_waits_for_it_and_nobody_elses(office):
    laoma, zhou, picture = await office.phone_of("老马"), await office.phone_of("周师傅"), a_picture()
    mine, foreign = [uuid4(), uuid4()], uuid4()
    for client_id in mine:
        await laoma.submit(a_report(picture, text=str(client_id)), client_id)
    await zhou.submit(a_report(picture), foreign)
    kept = await laoma.upload(picture)

    assert (kept.status_code, kept.json()["missing_in"]) == (201, [])
    states = {one.client_id: one.state.value for one in await Observation.all()}
    assert [states[one] for one in mine] == ["received", "received"]
    assert states[foreign] == "waiting_media"


async def test_a_photo_of_yesterday_is_still_mine_and_one_of_two_days_ago_is_asked_for_again(office):
    laoma = await office.phone_of("老马")
    fresh, old = a_picture("red"), a_picture("blue")
    await laoma.upload(old)
    office.watch.ahead += timedelta(days=1)
    await laoma.upload(fresh)
    office.watch.ahead += timedelta(days=1)
    receipt = await laoma.submit(a_report(fresh, old), uuid4())
    assert receipt.json()["missing"] == [sha256(old)]


async def test_the_phone_may_say_which_report_a_photo_is_for(office):
    laoma, picture, client_id = await office.phone_of("老马"), a_picture(), uuid4()
    await laoma.submit(a_report(picture), client_id)
    kept = await laoma.upload(picture, report=client_id)
    assert kept.status_code == 201
    assert (await Photo.get()).subject_id == (await Observation.get()).id


async def test_a_photo_for_a_report_that_is_foreign_or_not_here_yet_waits(office):
    laoma, zhou, picture = await office.phone_of("老马"), await office.phone_of("周师傅"), a_picture()
    await zhou.submit(a_report(picture), foreign := uuid4())
    for client_id in (foreign, uuid4()):
        assert (await laoma.upload(picture, report=client_id)).status_code in (200, 201)
    assert (await Photo.get()).subject_id is None


async def test_what_is_blacked_out_in_one_report_is_black_in_the_other(office):
    laoma, picture = await office.phone_of("老马"), a_picture()
    for text in ("一件事", "另一件事"):
        await laoma.submit(a_report(picture, text=text), uuid4())
    await laoma.upload(picture)
    chen = await office.enrol("小陈", Role.OFFICE_STAFF)
    photo, other = await Photo.all().order_by("id")
    box = Box(0.1, 0.1, 0.4, 0.4)
    await photos.redact(photo, subject_id=photo.subject_id, boxes=[box], by=chen, now=office.watch.now())
    assert await Redaction.filter(photo_id__in=[photo.id, other.id], edition=1).count() == 2
