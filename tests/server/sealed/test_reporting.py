"""A sealed report: a ticket instead of a person, a capability instead of a sign-in, and a code on paper."""

import asyncio
import secrets
from datetime import timedelta

import pytest

from models import (
    ContentCheck,
    JournalEntry,
    Observation,
    Photo,
    Rendition,
    SealedAccess,
    SpentTicket,
    TicketDay,
)
from models.vocabulary import ContentState, Role, Unjudged
from server import moderation, observations, sealed
from server.gateways.sealing import SealBroken
from server.observations import track_record
from server.sealed import envelopes
from tests.conftest import a_picture, a_report, sha256, until
from tests.server.sealed.conftest import Sealer, a_code, entered, tickets_of


async def test_everybody_gets_two_tickets_a_day_whether_he_reports_or_not(city, laoma):
    zhou = await city.phone_of("周师傅", Role.DEPUTY)
    assert [len(await tickets_of(one)) for one in (laoma, zhou, laoma)] == [2, 2, 0]
    await Sealer(city, (await tickets_of(zhou) or ["x"])[0]).submit()
    city.watch.ahead += timedelta(days=1)
    assert [len(await tickets_of(one)) for one in (laoma, zhou)] == [2, 2]


async def test_signing_in_brings_tickets_too(city):
    signed_in = (await city.phone().sign_in("demo-吴大姐")).json()
    assert len(signed_in["tickets"]) == 2


async def test_who_may_review_gets_no_ticket(city):
    assert await tickets_of(await city.phone_of("小陈", Role.OFFICE_STAFF)) == []


async def test_without_key_holders_the_tier_is_not_offered(office):
    laoma = await office.phone_of("老马", Role.CITIZEN)
    assert await tickets_of(laoma) == []
    refused = await Sealer(office, "x").submit()
    assert (refused.status_code, refused.json()["code"]) == (422, "not_offered")
    assert not await TicketDay.exists()


async def test_a_sealed_report_reaches_the_office_within_the_hour(city, sealer):
    chen = await city.actor(await city.enrol("小陈", Role.OFFICE_STAFF))
    receipt = await sealer.submit()
    assert receipt.status_code == 201
    assert receipt.json()["received_at"][14:19] == "00:00"
    assert (receipt.json()["state"], receipt.json()["missing"]) == (
        "waiting_media",
        [sealer.name_of(sealer.pictures[0])],
    )
    assert await observations.queue(chen) == []

    assert (await sealer.upload(sealer.pictures[0])).json() == {"missing": []}
    card = await sealer.look()
    assert (card["state"], card["is_entered"], card["photos"]) == ("received", False, 1)

    await sealed.enter_arrivals()
    (found,) = await observations.queue(chen)
    assert (found.receipt_number, found.state, found.reporter_role) == (
        card["receipt_number"],
        "received",
        None,
    )
    assert (await sealer.look())["is_entered"]
    assert await sealed.enter_arrivals() == 0


async def test_only_a_hundred_metres_and_the_hour_are_kept(city, sealer):
    await entered(sealer)
    one = await Observation.get()
    assert (one.latitude, one.longitude, one.accuracy_m) == (38.487, 106.231, 100.0)
    assert (one.received_at.minute, one.received_at.second, one.received_at.microsecond) == (0, 0, 0)
    assert one.written_at is None
    assert "9.0" not in str(one.body)


async def test_the_same_report_again_is_the_same_answer_and_spends_nothing(city, laoma, sealer):
    first, *more = await asyncio.gather(*(sealer.submit() for _ in range(8)))
    assert sorted(one.status_code for one in (first, *more)) == [200] * 7 + [201]
    assert {one.json()["receipt_number"] for one in more} == {first.json()["receipt_number"]}
    assert await SpentTicket.all().count() == 1
    other = await sealer.submit(text="别的话")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_a_ticket_is_spent_once_and_forged_never(city, laoma, sealer):
    await sealer.submit()
    again = await Sealer(city, sealer.ticket).submit()
    forged = await Sealer(city, sealer.ticket[:-3] + "AAA").submit()
    assert [one.json()["code"] for one in (again, forged)] == ["ticket_refused"] * 2
    assert await SealedAccess.all().count() == len(await envelopes.all_reports()) == 1


@pytest.mark.parametrize(("days", "status"), [(7, 201), (8, 403)])
async def test_a_ticket_is_good_for_seven_days(city, sealer, days, status):
    city.watch.ahead += timedelta(days=days)
    assert (await sealer.submit()).status_code == status


async def test_used_tickets_are_forgotten_when_none_could_come_any_more(city, sealer):
    await sealer.submit()
    for days, left in ((7, 1), (8, 0)):
        await sealed.forget_days(now=city.watch.now() + timedelta(days=days))
        assert await SpentTicket.all().count() == left
    assert await TicketDay.all().count() == 0


async def test_a_wrong_digit_is_told_and_a_used_code_is_refused(city, laoma, sealer):
    other = Sealer(city, (await _next_days_tickets(city, laoma))[0], code=sealer.code)
    wrong = sealer.code[:-1] + str((int(sealer.code[-1]) + 1) % 10)
    assert (await sealer.submit(code=wrong)).json()["code"] == "code_wrong"
    assert not await SpentTicket.exists()
    await sealer.submit()
    assert (await other.submit()).json()["code"] == "code_used"
    assert (await other.submit(code=a_code())).status_code == 201


async def _next_days_tickets(city, phone):
    city.watch.ahead += timedelta(days=1)
    return await tickets_of(phone)


async def test_capabilities_open_their_own_report_and_no_other(city, laoma, sealer):
    await sealer.submit()
    stranger = Sealer(city, "x")
    for asked in (stranger, Sealer(city, "x", capability="A" * 64), Sealer(city, "x", capability="kurz")):
        assert (await asked.ask("GET", "/report")).status_code == 404
        assert (await asked.ask("DELETE", "/report")).status_code == 404
    assert (await laoma.get("/sealed/report")).status_code == 404
    assert (await laoma.get("/observations")).json()["items"] == []


async def test_the_code_restores_a_report_on_another_phone_and_the_old_phone_is_out(city, sealer):
    number = (await sealer.submit()).json()["receipt_number"]
    new = Sealer(city, "x")
    spoken = "－".join(sealer.code[at : at + 4] for at in range(0, 24, 4))
    restored = await new.ask("POST", "/restoration", json={"code": spoken})
    assert (restored.status_code, restored.json()["receipt_number"]) == (200, number)
    assert (await new.look())["receipt_number"] == number
    assert (await sealer.ask("GET", "/report")).status_code == 404


async def test_the_sixth_try_of_a_code_waits(city):
    tries = [await Sealer(city, "x").ask("POST", "/restoration", json={"code": a_code()}) for _ in range(6)]
    assert [one.status_code for one in tries] == [404] * 5 + [429]
    assert tries[0].json()["hint_zh"] == "请看第几组抄错了，改正后再试。"


async def test_the_office_asks_and_the_reporter_answers_without_a_name(city, sealer):
    chen = await city.actor(await city.enrol("小陈", Role.OFFICE_STAFF))
    await sealer.submit()
    early = await sealer.ask("POST", "/report/messages", json={"text": "还有一处"})
    assert (early.status_code, early.json()["code"]) == (409, "not_entered_yet")
    await sealer.upload(sealer.pictures[0])
    await sealed.enter_arrivals()
    (one,) = await observations.queue(chen)
    await observations.ask_more(one.id, version=1, reason="unclear_place", by=chen, now=city.watch.now())
    assert (await sealer.look())["state"] == "more_asked"
    said = await sealer.ask("POST", "/report/messages", json={"text": "在88号门口"})
    assert said.status_code == 201
    assert [line["text"] for line in said.json()["thread"]][-1] == "在88号门口"
    assert {line["sent_at"][14:19] for line in said.json()["thread"]} == {"00:00"}
    (back,) = await observations.queue(chen)
    assert back.state == "received"


@pytest.mark.parametrize("enters", [True, False])
async def test_taking_it_back_blanks_the_words(city, sealer, enters):
    await sealer.submit()
    if enters:
        await sealed.enter_arrivals()
    gone = [await sealer.ask("DELETE", "/report") for _ in range(2)]
    assert [(one.status_code, one.json()["state"]) for one in gone] == [(200, "withdrawn")] * 2
    await sealed.enter_arrivals()
    one = await Observation.get()
    assert (one.state, one.text, one.body, one.body_digest) == ("withdrawn", "（已撤回）", {}, "")


async def test_wechat_hears_nothing_of_a_sealed_report(city, fake_wechat, sealer):
    await entered(sealer)
    one = await Observation.get()
    check = await until(
        lambda: ContentCheck.get_or_none(subject_id=one.id, state=ContentState.UNKNOWN, kind="text")
    )
    assert check.unjudged is Unjudged.SEALED
    await until(lambda: Rendition.filter(subject_id=one.id).exists())
    assert (
        await fake_wechat.calls("wxa/msg_sec_check") == await fake_wechat.calls("wxa/media_check_async") == 0
    )
    assert await track_record(one) == "密封身份，不显示以往记录"


async def test_nothing_of_the_file_of_a_sealed_photo_is_kept(city, sealer):
    sealer.pictures = (a_picture(comment=secrets.token_hex(16)),)  # nobody has sent it unsealed before
    await entered(sealer)
    one = await Observation.get()
    await until(lambda: Rendition.filter(subject_id=one.id).exists())
    photo, digest = await Photo.get(), sha256(sealer.pictures[0])
    assert (photo.sha256, photo.claims_sealed, photo.fingerprint) == (
        sealer.name_of(sealer.pictures[0]),
        None,
        None,
    )
    assert digest not in str(await Photo.all().values()) + str(await JournalEntry.all().values())
    kept = city.tools.settings.data_dir / "storage" / photo.key
    assert kept.exists()
    assert [path for path in kept.parents[2].rglob("*") if digest in str(path)] == []
    local = photo.received_at.astimezone(city.watch.now().astimezone().tzinfo)
    assert kept.stat().st_mtime == photo.received_at.timestamp(), local


async def test_photos_come_under_announced_names_and_as_jpeg_alone(city, sealer):
    sealer.pictures = (a_picture(), a_picture("red", kind="PNG"))
    await sealer.submit()
    stranger = a_picture("blue")
    assert (await sealer.upload(stranger)).status_code == 404
    assert (await sealer.upload(sealer.pictures[1])).json()["code"] == "not_a_photo"
    wrong = await sealer.ask(
        "POST",
        f"/photos/{sealer.name_of(sealer.pictures[0])}?sha256={sha256(stranger)}",
        files={"file": ("p.jpg", sealer.pictures[0], "image/jpeg")},
    )
    assert wrong.json()["code"] == "digest_differs"
    assert (await sealer.upload(sealer.pictures[0])).status_code == 200
    assert (await sealer.upload(sealer.pictures[0])).json()["missing"] == [sealer.name_of(sealer.pictures[1])]


async def test_the_last_photo_of_an_entered_report_completes_it(city, sealer):
    await sealer.submit()
    await sealed.enter_arrivals()
    assert (await Observation.get()).state == "waiting_media"
    await sealer.upload(sealer.pictures[0])
    assert (await sealer.look())["state"] == "received"
    assert (await Observation.get()).state == "waiting_media", "the office sees it when the hour is over"
    await sealed.enter_arrivals()
    assert (await Observation.get()).state == "received"
    entered = await JournalEntry.filter(subject_kind__in=["photo", "observation"]).order_by("id")
    assert [one.event for one in entered] == [
        "observation.submitted",
        "photo.received",
        "observation.completed",
    ]


async def test_the_ring_is_rotated_under_the_envelopes(city, sealer):
    await entered(sealer)
    (report,) = await envelopes.all_reports()
    before = await envelopes.kept(report)
    await sealed.rotate(city.tools.keys)
    after = await envelopes.kept(report)
    bound = f"escrow:{after.observation_id}"
    assert city.tools.keys.unseal(after.envelope_sealed, bound_to=bound) == city.tools.keys.unseal(
        before.envelope_sealed, bound_to=bound
    )
    with pytest.raises(SealBroken):
        city.tools.keys.unseal(after.envelope_sealed, bound_to="escrow:another")


async def test_an_old_phones_sealed_report_is_refused_in_words(city, laoma):
    refused = await laoma.submit(a_report(anonymity="sealed"))
    assert (refused.status_code, refused.json()["code"]) == (422, "needs_new_version")
    assert moderation  # moderation exists, and was asked nothing
    assert not await Observation.exists()
