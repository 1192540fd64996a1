"""A photo from a phone becomes a numbered ledger item."""

from uuid import uuid4

from models.vocabulary import ObservationKind, Role
from server import observations
from server.ledger import NewItem
from tests.conftest import a_picture, a_report, sha256, until


async def test_a_photo_from_a_phone_becomes_a_numbered_item(office):
    laoma = await office.phone_of("老马")
    chen = await office.enrol("小陈", Role.OFFICE_STAFF)
    picture, client_id = a_picture(), uuid4()

    receipt = await laoma.submit(a_report(picture), client_id)
    assert receipt.status_code == 201, receipt.text
    assert receipt.json()["state"] == "waiting_media"
    assert receipt.json()["missing"] == [sha256(picture)]

    kept = await laoma.upload(picture)
    assert (kept.status_code, kept.json()["missing_in"]) == (201, [])

    async def shown():
        card = (await laoma.get(f"/observations/{client_id}")).json()
        return card if card["photos"] and card["photos"][0]["links"] else None

    card = await until(shown)
    assert card["state"] == "received"
    large = await laoma.client.get(card["photos"][0]["links"][0]["url"])
    assert (large.status_code, large.headers["content-type"]) == (200, "image/jpeg")

    actor = await office.actor(chen)
    (waiting,) = await observations.queue(actor)
    item = await observations.accept(
        waiting.id,
        version=waiting.version,
        new=NewItem(title="北京路路口坑槽", kind=ObservationKind.PROBLEM),
        by=actor,
        now=office.watch.now(),
    )
    assert item.number_text == "改-2026-0001"

    card = (await laoma.get(f"/observations/{client_id}")).json()
    assert (card["state_label"], card["ledger_number"]) == ("已挂号", "改-2026-0001")

    async def told():
        page = (await laoma.get("/inbox")).json()
        return [line["title"] for line in page["items"]] if len(page["items"]) == 2 else None

    assert await until(told) == ["您反映的情况已挂号", "已收到您的上报"]
