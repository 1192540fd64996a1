"""Leaving key-holders hand on all their halves without opening anything; once a month two prove that keys open."""

import json
from datetime import timedelta

import msgspec
import pytest

from models import EscrowOpening, JournalEntry, Observation
from models.vocabulary import Role
from server import sealed
from server.gateways import escrow
from server.journal import anchoring
from server.sealed import envelopes, succeeding
from server.verifying import verify
from tests.server.sealed.conftest import Holder, Sealer, entered, papers, tickets_of
from tests.server.sealed.test_opening import agreed, asked, home

__all__ = ["home"]


@pytest.fixture
async def admin(city):
    return await city.desk_of("吴管理", Role.ADMINISTRATOR)


@pytest.fixture
async def lead(city):
    return await city.desk_of("罗主任", Role.OFFICE_LEAD)


@pytest.fixture(scope="session")
def heir():
    return Holder(*escrow.new_key())


@pytest.fixture
async def changed(city, admin, holders, heir):
    """Holder B leaves after some reports have come, and an heir takes the place; yields all current keys by letter."""

    async def change(reports):
        for number in range(reports):
            phone = await city.phone_of(f"群众{number}", Role.CITIZEN)
            await entered(Sealer(city, (await tickets_of(phone))[0]))
        now = holders | {"B": heir}
        actor = await city.actor(admin.person)
        await sealed.set_up(papers(now), by=actor, now=city.watch.now())
        return now

    return change


async def hand_on(home, admin, holders, heir, *, letter="B"):
    """Do what the leaving holder and the successor do at home; return the file that is handed in."""
    (leaving,) = await sealed.leavings()
    paper = (await admin.get(f"/sealing/keys/{leaving.keyset.id}/{letter}")).content
    file, key = home.file("paper.json", paper), home.key("old.key", holders[letter].private)
    status, told = home.run("hand-on", file, "--key", key, typed="同意\n")
    assert status == 0, told
    done = file.with_name("paper.json.handed-on")
    checked, _ = home.run("check", done, "--key", home.key("new.key", heir.private))
    assert checked == 0
    return done.read_bytes()


async def handed_in(admin, content):
    return await admin.client.post(
        "/console/sealing/keys/handed-on",
        files={"file": ("paper.handed-on", content)},
        headers={"origin": str(admin.client.base_url).rstrip("/")},
    )


async def opened(lead, home, number, keys, letters, reader):
    """Return who reported, with the answers of two current holders."""
    await asked(lead, reader, number)
    opening = await EscrowOpening.filter().order_by("-asked_on").first()
    for letter in letters:
        answer, _ = await agreed(home, lead, opening, letter, keys)
        laid = await lead.post(f"/sealing/openings/{opening.id}/answers", {"answer": answer})
        assert laid.status_code == 303, laid.text
    package = await lead.post(f"/sealing/openings/{opening.id}/package", {})
    key = home.key("reader.key", reader.private)
    _, told = home.run("read", home.file("package.json", package.content), "--key", key)
    return json.loads(told)


async def test_a_successor_opens_what_came_before_him_and_the_journal_names_the_envelope(
    city, admin, lead, changed, holders, heir, reader, home, database_url
):
    keys = await changed(2)
    content = await hand_on(home, admin, holders, heir)
    assert (await handed_in(admin, content)).status_code == 303
    assert await sealed.leavings() == []
    assert await JournalEntry.filter(event="escrow.handed_on").count() == 2
    number = (await Observation.first()).receipt_number
    told = await opened(lead, home, number, keys, "BC", reader)
    assert told["designation"].startswith("群众")
    (words,) = [one for one in await sealed.openings() if one.opened_on]
    assert await sealed.offices_that_agreed(words) == ["市司法局", "市委督查室"]
    await anchoring.close_block()
    assert (await verify(database_url)).faults == []


async def test_who_left_opens_nothing_any_more(city, admin, lead, changed, holders, heir, reader, home):
    await changed(1)
    await handed_in(admin, await hand_on(home, admin, holders, heir))
    await asked(lead, reader, (await Observation.get()).receipt_number)
    request = (await lead.get(f"/sealing/openings/{(await EscrowOpening.get()).id}/request")).content
    file, key = home.file("request.json", request), home.key("B.key", holders["B"].private)
    assert home.run("answer", file, "--key", key, "--holder", "B", typed="同意\n")[0] == 1


async def test_what_is_stopped_half_way_goes_on_and_the_same_file_again_changes_nothing(
    city, admin, changed, holders, heir, home, monkeypatch
):
    await changed(3)
    content = await hand_on(home, admin, holders, heir)
    put, done = succeeding._put, []

    async def dies(report, halves, **how):
        if len(done) == 2:
            raise ConnectionError
        done.append(report)
        await put(report, halves, **how)

    with monkeypatch.context() as planted:
        planted.setattr(succeeding, "_put", dies)
        actor = await city.actor(admin.person)
        with pytest.raises(ConnectionError):
            await sealed.take_over(content, keys=city.tools.keys, by=actor)
    (left,) = await sealed.leavings()
    assert len(left.waiting) == 1
    assert "还有几个信封" in (await admin.get("/sealing")).text
    assert (await handed_in(admin, content)).status_code == 303
    assert await sealed.leavings() == []
    assert await sealed.take_over(content, keys=city.tools.keys, by=actor) == 0
    assert await JournalEntry.filter(event="escrow.handed_on").count() == 3


async def test_what_leaves_the_server_holds_no_box_and_what_comes_back_is_checked(
    city, admin, changed, holders, heir, home
):
    await changed(1)
    (report,) = await envelopes.all_reports()
    before = await envelopes.kept(report)
    envelope = escrow.envelope_of(envelopes.unsealed(before, keys=city.tools.keys))
    content = await hand_on(home, admin, holders, heir)
    paper = msgspec.json.decode(content, type=escrow.HandOver)
    assert envelope.box not in b"".join(
        part for one in paper.halves for part in (one.tag, *one.shares.values())
    )

    strange = msgspec.structs.replace(paper, successor_key=holders["B"].public)
    (one,) = paper.halves
    cut = msgspec.structs.replace(
        paper, halves=[msgspec.structs.replace(one, shares={pair: b"x" for pair in one.shares})]
    )
    for wrong in (b"no json", msgspec.json.encode(strange), msgspec.json.encode(cut)):
        assert (await handed_in(admin, wrong)).status_code == 422
    assert (await envelopes.kept(report)).envelope_sealed == before.envelope_sealed


async def test_only_the_administrator_hands_out_halves(city, admin, lead, changed, holders):
    await changed(1)
    (leaving,) = await sealed.leavings()
    assert (await lead.get(f"/sealing/keys/{leaving.keyset.id}/B")).status_code == 403
    assert (await admin.get(f"/sealing/keys/{leaving.keyset.id}/C")).status_code == 404


async def test_two_keys_that_open_pass_the_months_drill_and_a_wrong_one_is_written_down(
    city, admin, holders, heir, home
):
    assert (await admin.post("/sealing/keys/drills", {})).status_code == 303
    drill = await sealed.drill_of(await sealed.current())
    for letter, private, is_right in (
        ("A", holders["A"].private, True),
        ("B", holders["B"].private, True),
    ):
        paper = (await admin.get(f"/sealing/keys/drills/{drill.id}/{letter}")).content
        file = home.file("drill.json", paper)
        assert home.run("drill", file, "--key", home.key("wrong.key", heir.private))[0] == 1
        status, told = home.run("drill", file, "--key", home.key("own.key", private))
        assert (status == 0) is is_right
        proof = told.strip().splitlines()[-1]
        wrong = {"holder": letter, "proof": "0" * 64}
        assert (await admin.post(f"/sealing/keys/drills/{drill.id}/answers", wrong)).status_code == 303
        assert (await sealed.drill_of(await sealed.current())).passed_on is None
        right = {"holder": letter, "proof": proof}
        assert (await admin.post(f"/sealing/keys/drills/{drill.id}/answers", right)).status_code == 303
    assert (await sealed.drill_of(await sealed.current())).passed_on
    deeds = (
        await JournalEntry.filter(event__startswith="keyset.drill")
        .order_by("id")
        .values_list("event", flat=True)
    )
    assert deeds == [
        "keyset.drill_began",
        *["keyset.drill_failed", "keyset.drill_answered"] * 2,
    ]


@pytest.mark.parametrize(("days", "shown"), [(31, False), (32, True)])
async def test_a_drill_that_is_overdue_is_shown(city, admin, days, shown):
    city.watch.ahead += timedelta(days=days)
    assert (
        "演练已过期" in (await (await city.desk_of("吴管理二", Role.ADMINISTRATOR)).get("/sealing")).text
    ) is shown
