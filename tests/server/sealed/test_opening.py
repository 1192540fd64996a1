"""Opening an envelope: recorded first, agreed by two holders at home, read by one reader, told to the reporter."""

import io
import json
import sys
from datetime import timedelta

import pytest

from models import Escrow, EscrowOpening, JournalEntry, Observation
from models.vocabulary import Role
from server import sealed
from server.gateways.escrow import __main__ as open_share
from server.sealed import envelopes
from tests.server.sealed.conftest import Sealer, entered, papers, tickets_of


class Home:
    """A person's own machine: a folder, and `scripts/open-share` run in it."""

    def __init__(self, folder, monkeypatch, capsys):
        self.folder, self._monkeypatch, self._capsys = folder, monkeypatch, capsys

    def run(self, *arguments, typed=""):
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        self._capsys.readouterr()
        status = open_share.main([str(one) for one in arguments])
        return status, self._capsys.readouterr().out

    def key(self, name, private):
        path = self.folder / name
        path.write_text(private)
        return path

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture
def home(tmp_path, monkeypatch, capsys):
    return Home(tmp_path, monkeypatch, capsys)


@pytest.fixture
async def lead(city):
    return await city.desk_of("罗主任", Role.OFFICE_LEAD)


async def asked(lead, reader, number, **changes):
    form = {
        "receipt_number": number,
        "reason": "inquiry",
        "words": "涉嫌诬告，依法调查。",
        "file_number": "银改办〔2026〕7号",
        "reader_name": "高监察",
        "reader_key": reader.public,
    }
    return await lead.post("/sealing/openings", form | changes)


async def agreed(home, lead, opening, letter, holders):
    request = (await lead.get(f"/sealing/openings/{opening.id}/request")).content
    file = home.file("request.json", request)
    key = home.key(f"{letter}.key", holders[letter].private)
    status, told = home.run("answer", file, "--key", key, "--holder", letter, typed="同意\n")
    assert status == 0
    return told.splitlines()[-1], told


async def test_any_two_holders_open_it_and_the_reporter_is_told_at_the_next_look(
    city, sealer, lead, holders, reader, home
):
    await entered(sealer)
    number = (await sealer.look())["receipt_number"]
    assert (await asked(lead, reader, number)).status_code == 303
    opening = await EscrowOpening.get()
    assert (await JournalEntry.get(event="escrow.opening_asked")).detail["file_number"] == "银改办〔2026〕7号"

    for letter in "CA":
        answer, told = await agreed(home, lead, opening, letter, holders)
        assert "依法调查：涉嫌诬告，依法调查。" in told
        assert (await sealer.look())["openings"] == []
        early = await lead.post(f"/sealing/openings/{opening.id}/package", {})
        assert early.status_code == 409
        laid = await lead.post(f"/sealing/openings/{opening.id}/answers", {"answer": answer})
        assert laid.status_code == 303, laid.text

    package = await lead.post(f"/sealing/openings/{opening.id}/package", {})
    key = home.key("reader.key", reader.private)
    status, told = home.run("read", home.file("package.json", package.content), "--key", key)
    assert status == 0
    assert json.loads(told) == {"designation": "老马", "openid": "openid-demo-老马"}

    (seen,) = (await sealer.look())["openings"]
    assert "理由：依法调查。同意的单位：市纪委监委、市委督查室。" in seen["words"]
    deeds = (
        await JournalEntry.filter(event__startswith="escrow.").order_by("id").values_list("event", flat=True)
    )
    assert list(deeds) == ["escrow.opening_asked", *["escrow.holder_agreed"] * 2, "escrow.opened"]


async def test_a_holder_who_does_not_say_yes_answers_nothing(city, sealer, lead, holders, reader, home):
    await entered(sealer)
    await asked(lead, reader, (await sealer.look())["receipt_number"])
    request = (await lead.get(f"/sealing/openings/{(await EscrowOpening.get()).id}/request")).content
    file, key = home.file("request.json", request), home.key("A.key", holders["A"].private)
    _, told = home.run("answer", file, "--key", key, "--holder", "A", typed="不\n")
    assert told.endswith("没有答复。\n")


async def test_one_holder_twice_is_not_two(city, sealer, lead, holders, reader, home):
    await entered(sealer)
    await asked(lead, reader, (await sealer.look())["receipt_number"])
    opening = await EscrowOpening.get()
    answer, _ = await agreed(home, lead, opening, "A", holders)
    again, _ = await agreed(home, lead, opening, "A", holders)
    for text, status in ((answer, 303), (again, 422), ("abc", 422)):
        laid = await lead.post(f"/sealing/openings/{opening.id}/answers", {"answer": text})
        assert laid.status_code == status
    assert list((await EscrowOpening.get()).answers) == ["A"]


async def test_an_envelope_laid_beside_another_report_gives_no_request(city, laoma, sealer, lead, reader):
    ticket = (await tickets_of(await city.phone_of("周师傅", Role.CITIZEN)))[0]
    other = Sealer(city, ticket)
    await entered(sealer)
    await entered(other)
    mine = await Observation.get(receipt_number=(await sealer.look())["receipt_number"])
    async with envelopes.opened():
        theirs = await Escrow.exclude(observation_id=mine.id).get()
    keys = city.tools.keys
    moved = keys.unseal(theirs.envelope_sealed, bound_to=f"escrow:{theirs.observation_id}")
    for sealed_text in (theirs.envelope_sealed, keys.seal(moved, bound_to=f"escrow:{mine.id}")):
        changed = {"envelope_sealed": sealed_text, "digest": theirs.digest}
        async with envelopes.opened():
            await Escrow.filter(observation_id=mine.id).update(**changed)
        assert (await asked(lead, reader, mine.receipt_number)).status_code == 404
    assert not await EscrowOpening.exists()


async def test_a_request_that_was_altered_on_the_way_is_not_answered(
    city, sealer, lead, holders, reader, home
):
    await entered(sealer)
    await asked(lead, reader, (await sealer.look())["receipt_number"])
    request = json.loads(
        (await lead.get(f"/sealing/openings/{(await EscrowOpening.get()).id}/request")).content
    )
    request["digest"] = "0" * 64
    file = home.file("request.json", json.dumps(request).encode())
    key = home.key("A.key", holders["A"].private)
    assert home.run("answer", file, "--key", key, "--holder", "A", typed="同意\n") == (1, "")


async def test_keys_are_made_at_home_and_never_written_over(home, tmp_path):
    status, told = home.run("keygen", tmp_path / "mine")
    assert status == 0
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o600
    _, fingerprint = home.run("fingerprint", tmp_path / "mine.pub")
    assert fingerprint.strip() in told
    with pytest.raises(FileExistsError):
        home.run("keygen", tmp_path / "mine")


async def test_holders_are_set_up_by_the_administrator_alone_and_seen_by_fingerprint(office, holders):
    admin, lead = (
        await office.desk_of("吴管理", Role.ADMINISTRATOR),
        await office.desk_of("罗主任", Role.OFFICE_LEAD),
    )
    form = {
        f"{field}_{letter.lower()}": value
        for letter, of_one in papers(holders).items()
        for field, value in of_one.items()
    }
    assert (await lead.post("/sealing/holders", form)).status_code == 403
    twice = form | {"key_b": form["key_a"]}
    assert (await admin.post("/sealing/holders", twice)).status_code == 422
    assert await sealed.current() is None
    assert (await admin.post("/sealing/holders", form)).status_code == 303
    shown = (await lead.get("/sealing")).text
    keyset = await sealed.current()
    assert all(one in shown for one in sealed.fingerprints(keyset).values())
    assert (await JournalEntry.get(event="keyset.set_up")).detail["A"].startswith("市纪委监委何主任 ")


@pytest.mark.parametrize(("days", "left"), [(179, 1), (181, 0)])
async def test_half_a_year_after_its_end_the_envelope_is_destroyed(city, sealer, days, left):
    await entered(sealer)
    await sealer.ask("DELETE", "/report")
    await sealed.destroy_envelopes(now=city.watch.now() + timedelta(days=days))
    assert len(await envelopes.all_reports()) == left
