"""The result of a visit at the desk: ranking and 计分单, on paper, as sheet and file; who reads it, and when."""

import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pypdfium2 as pdfium
import pytest

import server
from models import CheckIn, Participation, RoundAsk, ScoreJudge, ScoreRound, VisitObserver, VisitStop
from models.vocabulary import OrganisationKind, Role, RoundAskKind, SignalKind
from server import people, scoring
from server.gateways.workbooks import read_workbook
from server.site_visits import printing
from tests.server.site_visits.conftest import Visit

ROOT = Path(server.__file__).parents[1]
KEY = {"c1": "91.5", "c2": "80.0"}  # 86.90 in all
WORDS = ["窗口少，排队久", "流程公开得好", "可以再快一点"]


@pytest.fixture
async def visit(office):
    """Three stops with five observers; the second stop is the bureau's and has three comments."""
    visit = await (await Visit(office).enter()).publish()
    for stop in range(3):
        for n in range(5):
            await visit.present(n, stop)
            scores = {"c1": f"{91.5 - stop - n}", "c2": "80.0"}
            comment = WORDS[n] if stop == 1 and n < 3 else ""
            await visit.score(n, stop, scores, comment=comment)
    return visit


@pytest.fixture
async def desks(office, visit):
    return {
        "chen": await office.desk_of("小丁"),
        "zheng": await office.desk_of("老郑", Role.AUDITOR),
        "unit": await office.desk_of("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau),
        "stranger": await office.desk_of(
            "别处的", Role.DEPARTMENT_CONTACT, organisation=await elsewhere(office)
        ),
    }


async def elsewhere(office):
    return await people.add_organisation(
        "兴庆区水务局", code="water", kind=OrganisationKind.COUNTY_UNIT, by=None, parent=office.root
    )


async def published(visit):
    await visit.lock()
    await visit.seal()
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    return await ScoreRound.get(id=visit.visit.id)


async def fetched(desk, visit, what=""):
    return await desk.get(f"/site-visits/{visit.visit.id}/result{what}")


async def test_the_ranking_and_each_step_can_be_followed_with_a_calculator(visit, desks):
    found = await published(visit)
    page = (await fetched(desks["chen"], visit)).text
    first, last = (await scoring.published_result(visit.visit.id))[0::2]
    for told in (
        first.score,
        last.score,
        "第1名",
        "第3名",
        "专家组",
        "代表组",
        found.fingerprint,
        found.rule_digest,
    ):
        assert told in page
    for sentence in await scoring.published_sheet(visit.visit.id, visit.stops[0].id):
        assert sentence.replace("'", "&#39;") in page
    assert page.index("第1名") < page.index("第2名") < page.index("第3名")


async def test_before_publication_nobody_gets_a_result_in_any_form(visit, desks):
    async def asked():
        return {
            (who, what): (await fetched(desk, visit, what)).status_code
            for who, desk in desks.items()
            for what in ("", ".pdf", ".json", ".xlsx")
        }

    expected = {
        (who, what): 403 if who in ("unit", "stranger") and what in (".json", ".xlsx") else 404
        for who in desks
        for what in ("", ".pdf", ".json", ".xlsx")
    }
    assert await asked() == expected
    await visit.lock()
    assert await asked() == expected
    await visit.seal()
    assert await asked() == expected


async def test_a_unit_reads_ranking_sheets_and_its_own_comments_and_nothing_of_an_observer(visit, desks):
    await published(visit)
    page = (await fetched(desks["unit"], visit)).text
    for told in ("第1站", "第2站", "第3站", *WORDS):
        assert told in page
    for hidden in ("不含提示", "偏严", "result.xlsx", "result.json"):
        assert hidden not in page
    names = [one.designation for one in visit.people]
    ids = [
        str(row.id)
        for table in (VisitObserver, ScoreJudge, CheckIn, Participation)
        for row in await table.all()
    ]
    everything = page + words_of(await fetched(desks["unit"], visit, ".pdf"))
    assert [one for one in [*names, *ids] if one in everything] == []
    assert (await fetched(desks["stranger"], visit)).status_code == 404
    assert (await fetched(desks["stranger"], visit, ".pdf")).status_code == 404


async def test_a_scored_unit_finds_the_result_on_its_first_page_once_it_is_published(visit, desks):
    link = f"/console/site-visits/{visit.visit.id}/result"
    await visit.lock()
    await visit.seal()
    assert link not in (await desks["unit"].get("")).text
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    assert link in (await desks["unit"].get("")).text
    assert link not in (await desks["stranger"].get("")).text


async def test_an_office_whose_unit_another_office_scored_finds_the_result_on_its_first_page(
    visit, desks, office
):
    county = await people.add_organisation(
        "县委改革办", code="county", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, series="县"
    )
    scored = await office.desk_of("县里的", Role.OFFICE_LEAD, organisation=county)
    await VisitStop.filter(id=visit.stops[0].id).update(unit_id=county.id)
    await published(visit)
    link = f"/console/site-visits/{visit.visit.id}/result"
    assert link in (await scored.get("")).text
    assert (await fetched(scored, visit)).status_code == 200
    assert link not in (await desks["chen"].get("")).text  # the office that held it has it in its list


async def test_an_observer_of_the_visit_reads_the_result_without_the_units_comments(visit, office):
    await published(visit)
    judging = await office.desk_of("又一人", Role.REFORM_OBSERVER)
    assert (await fetched(judging, visit)).status_code == 404
    await VisitObserver.create(id=uuid4(), visit_id=visit.visit.id, person=judging.person, group="experts")
    page = (await fetched(judging, visit)).text
    assert "第1名" in page
    assert [one for one in WORDS if one in page] == []


async def test_the_office_sees_the_result_without_flagged_ballots_as_information_only(visit, desks):
    await visit.lock()
    judge = await ScoreJudge.get(round_id=visit.visit.id, person_id=visit.people[0].id)
    await scoring.flag(visit.visit.id, judge_id=judge.id, kind=SignalKind.SHORT_DWELL, count=1)
    await visit.seal()
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    page = (await fetched(desks["chen"], visit)).text
    review = await scoring.review_of(visit.visit.id, by=visit.chen)
    official = await scoring.published_result(visit.visit.id)
    assert review.without_flagged[0].score != official[0].score
    for told in (
        review.without_flagged[0].score,
        official[0].score,
        "只供参考，不改变结果",
        f"偏严{review.harshness.harsh}人",
    ):
        assert told in page
    assert "不含提示评分表" in (await fetched(desks["zheng"], visit)).text


def words_of(answer):
    """Return the text of a PDF, without spaces and line ends."""
    assert answer.content.startswith(b"%PDF"), answer.text[:200]
    pages = [one.get_textpage().get_text_range() for one in pdfium.PdfDocument(answer.content)]
    return re.sub(r"\s", "", "".join(pages))


async def test_the_printed_result_holds_ranking_sheets_fingerprint_and_the_digest_of_the_rules(visit, desks):
    found = await published(visit)
    answer = await fetched(desks["chen"], visit, ".pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = words_of(answer).replace("\u200b", "").replace("\ufffe", "").replace("\ufeff", "")
    first = (await scoring.published_result(visit.visit.id))[0]
    for told in (
        "秋季观摩",
        "第1名",
        first.score,
        "计分单",
        found.fingerprint.replace(" ", ""),
        found.rule_digest,
    ):
        assert told in text
    assert [one for one in WORDS if one in text] == []


async def test_a_result_that_can_not_be_typeset_says_what_to_do(visit, desks, monkeypatch):
    await published(visit)
    monkeypatch.setattr(printing, "DOCUMENT", "#panic()")
    refused = await fetched(desks["chen"], visit, ".pdf")
    assert (refused.status_code, "结果没有排成PDF" in refused.text) == (503, True)


async def test_the_raw_ballots_are_a_sheet_in_the_order_of_their_digests_without_names(visit, desks):
    await published(visit)
    answer = await fetched(desks["chen"], visit, ".xlsx")
    (sheet,) = read_workbook(answer.content)
    rows = [row.cells for row in sheet.rows]
    at = next(n for n, cells in enumerate(rows) if cells[0] == "评分表摘要")
    ballots = rows[at + 1 :]
    export = await scoring.published_export(visit.visit.id)
    assert [cells[0] for cells in ballots] == sorted(one["digest"] for one in export["ballots"])
    assert len(ballots) == 15
    header = [cell for cell in rows[at] if cell]
    assert header == ["评分表摘要", "盐", "评审组", "点位", "成效", "创新", "总分"]
    best = next(cells for cells in ballots if cells[4] == 91.5)
    assert (best[3], best[5], best[6]) == ("第1站", 80, 86.9)


async def test_a_named_visit_names_who_gave_which_ballot_to_the_office(office):
    visit = await Visit(office).enter()
    rules = visit.plan().rules
    named = rules.__class__(criteria=rules.criteria, groups=rules.groups, named=True, merge_below=0)
    await visit.publish(rules=named)
    for stop in range(3):
        for n in range(5):
            await visit.present(n, stop)
            await visit.score(n, stop, KEY | {"c1": f"{90 - n}.0"})
    await published(visit)
    chen = await office.desk_of("小丁")
    (sheet,) = read_workbook((await fetched(chen, visit, ".xlsx")).content)
    names = {row.cells[4]: row.cells[7] for row in sheet.rows if row.cells[3] == "第1站"}
    assert names == {90 - n: f"评委{n}" for n in range(5)}


async def test_the_downloaded_file_is_recomputed_by_the_published_program(visit, desks, tmp_path):
    found = await published(visit)
    file = tmp_path / "result.json"
    file.write_bytes((await fetched(desks["chen"], visit, ".json")).content)
    told = subprocess.run(
        [sys.executable, ROOT / "scripts/verify-result", file], capture_output=True, text=True, check=False
    )
    assert (told.returncode, "复算一致" in told.stdout) == (0, True), told.stdout + told.stderr
    assert found.fingerprint in told.stdout


async def test_a_stop_without_ballots_comes_last_and_says_so(office):
    visit = await (await Visit(office).enter()).publish(rules=no_coverage(Visit(office).plan().rules))
    for n in range(3):
        await visit.present(n)
        await visit.score(n)
    await published(visit)
    chen = await office.desk_of("小丁")
    page = (await fetched(chen, visit)).text
    assert "没有得分" in page
    assert page.index("第1站") < page.index("第2站")
    assert (await fetched(chen, visit, ".pdf")).status_code == 200


def no_coverage(rules):
    return rules.__class__(criteria=rules.criteria, groups=rules.groups, coverage="none")


async def test_two_stops_of_one_score_share_a_place(office):
    visit = await (await Visit(office).enter()).publish()
    for stop in range(3):
        for n in range(5):
            await visit.present(n, stop)
            await visit.score(n, stop, {"c1": "70.0" if stop == 2 else "90.0", "c2": "80.0"})
    await published(visit)
    page = (await fetched(await office.desk_of("小丁"), visit)).text
    assert page.count("并列第1名") == 4
    assert "第3名" in page
    assert "第2名" not in page


async def test_notes_of_an_opened_lock_are_published_with_the_result(visit, desks, office):
    await visit.lock()
    asked = await scoring.ask(
        visit.visit.id, RoundAskKind.UNLOCK, note="漏了一位代表", by=visit.luo, now=visit.now
    )
    await scoring.confirm(visit.visit.id, asked.id, by=visit.chen, now=visit.now)
    await published(visit)
    assert "漏了一位代表" in (await fetched(desks["unit"], visit)).text
    assert "漏了一位代表" in words_of(await fetched(desks["unit"], visit, ".pdf"))


async def test_a_corrected_result_comes_first_and_the_former_one_stays_on_page_paper_and_phone(
    visit, desks, office
):
    here = f"/site-visits/{visit.visit.id}"
    luo, unit = await office.desk_of("老罗", Role.OFFICE_LEAD), desks["unit"]
    found = await published(visit)
    assert f'href="/console{here}/corrections/new"' in (await luo.get(here)).text
    form = {
        "criterion-1-id": "c1", "criterion-1-name": "成效", "criterion-1-weight": "40",
        "criterion-2-id": "c2", "criterion-2-name": "创新", "criterion-2-weight": "60",
        "group-1-id": "experts", "group-1-name": "专家组", "group-1-weight": "60",
        "group-2-id": "deputies", "group-2-name": "代表组", "group-2-weight": "40",
        "note": "两项权重写反了",
    }  # fmt: skip
    page = (await luo.get(f"{here}/corrections/new")).text
    assert 'name="criterion-1-weight" value="60"' in page
    refused = await luo.post(f"{here}/corrections", form | {"merge_below": "5"}, part=True)
    assert (refused.status_code, "小组合并的人数不能改" in refused.text) == (422, True)
    assert (await luo.post(f"{here}/corrections", form, part=True)).status_code == 204

    running = (await desks["chen"].get(here)).text
    assert "评分项“成效”的权重由60改为40" in running
    [ask] = await RoundAsk.filter(round_id=visit.visit.id)
    done = await desks["chen"].post(f"{here}/asks/{ask.id}/confirmation", {}, part=True)
    assert done.status_code == 204
    result = (await unit.get(f"{here}/result")).text
    assert result.index("计分单") < result.index("更正前的结果") < result.index("两项权重写反了")
    for words in (found.rule_digest, found.fingerprint, "第2版"):
        assert words in result
    paper = pdfium.PdfDocument((await unit.get(f"{here}/result.pdf")).content)
    words = "".join(one.get_textpage().get_text_range() for one in paper)
    assert ("更正前的结果" in words, "两项权重写反了" in words) == (True, True)
