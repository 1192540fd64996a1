"""老马 goes on a mission: accepts, answers on site or elsewhere, fails a point, finishes."""

import pytest

from models import ChecklistAnswer, JournalEntry, ProblemSource
from models.vocabulary import Datum, MissionState, PlaceGrade, PlaceSource, QuestionKind
from models.vocabulary import ProblemSourceKind as K
from server import problems, team
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import WrongStep
from server.observations import Place
from server.photos import AnnouncedPhoto
from server.problems import NewProblem
from server.team import NewQuestion, NewStop
from server.team.refusals import AnswerIncomplete, NoProposal, NotAccepted
from tests.conftest import sha256
from tests.server.team.conftest import HALL


def place(metres, accuracy=10.0):
    """Return a place this many metres north of the hall."""
    north = HALL.latitude + metres / 111_195
    return Place(north, HALL.longitude, Datum.WGS84, PlaceSource.GPS, accuracy_m=accuracy)


async def test_a_mission_is_accepted_once_and_its_checklist_answered_in_any_order(crew):
    mission, laoma, (first, second) = await crew.under_way()
    await team.accept_mission(mission.id, team.Accept(), by=laoma, now=crew.now)
    await crew.answered(mission, second, laoma, number=3)
    await crew.answered(mission, first, laoma, passed=True)

    progress = (await team.progress_of([mission.id]))[mission.id]
    assert (progress.words, progress.failed) == ("已完成2/2", 0)
    done = await team.finish_mission(mission.id, team.Finish(summary="窗口秩序良好"), by=laoma, now=crew.now)
    assert (done.state, done.summary) == (MissionState.FINISHED, "窗口秩序良好")
    entry = await JournalEntry.get(event="mission.finished")
    assert entry.detail == {"questions": 2, "answered": 2, "failed": 0}
    assert await JournalEntry.filter(event="mission.accepted").count() == 1


@pytest.mark.parametrize(
    ("where", "grade"),
    [
        (place(50), PlaceGrade.A),
        (place(260, accuracy=80.0), PlaceGrade.B),
        (place(260), PlaceGrade.C),  # 60 m outside the fence: recorded, never locked out
        (None, PlaceGrade.D),
    ],
)
async def test_place_is_evidence_and_bars_nobody(crew, where, grade):
    mission, laoma, (question, _) = await crew.under_way()
    answer = (await crew.answered(mission, question, laoma, passed=True, place=where)).answer
    assert answer.place_grade is grade
    assert (answer.distance_m is None) is (where is None)


async def test_the_same_answer_changes_nothing_and_another_replaces_it(crew):
    mission, laoma, (question, _) = await crew.under_way()
    for _ in range(2):
        await crew.answered(mission, question, laoma, passed=False, text="叫号机黑屏")
    assert await JournalEntry.filter(event="checklist_answer.given").count() == 1
    await crew.answered(mission, question, laoma, passed=True)
    assert [one.passed for one in await ChecklistAnswer.all()] == [True]


async def test_a_second_phones_answers_arrive_after_the_first_has_finished(crew):
    mission, laoma, (question, _) = await crew.under_way()
    await team.finish_mission(mission.id, team.Finish(summary="完成"), by=laoma, now=crew.now)
    await crew.answered(mission, question, laoma, passed=True)
    assert await ChecklistAnswer.all().count() == 1


@pytest.mark.parametrize(
    ("kind", "given", "why"),
    [
        (QuestionKind.PASS_FAIL, {"text": "还行"}, "请选择合格或不合格。"),
        (QuestionKind.NUMBER, {"text": "三"}, "请填写数值。"),
        (QuestionKind.TEXT, {"text": "  "}, "请填写文字。"),
        (QuestionKind.NUMBER, {"number": 3, "passed": False}, "这一项不分合格与不合格。"),
    ],
)
async def test_an_answer_fits_its_question(crew, kind, given, why):
    stops = [NewStop("市民大厅一楼", HALL, questions=[NewQuestion("检查项", kind)])]
    mission, laoma, (question,) = await crew.under_way(stops=stops)
    with pytest.raises(AnswerIncomplete) as refused:
        await crew.answered(mission, question, laoma, **given)
    assert refused.value.message == why


async def test_a_photo_where_required_is_announced_and_may_come_later(crew):
    question = NewQuestion("叫号机能用", needs_photo=True)
    mission, laoma, (question,) = await crew.under_way(
        stops=[NewStop("市民大厅一楼", HALL, questions=[question])]
    )
    with pytest.raises(AnswerIncomplete):
        await crew.answered(mission, question, laoma, passed=True)
    photo = AnnouncedPhoto(sha256(b"screen"), 6)
    done = await crew.answered(mission, question, laoma, passed=True, photos=[photo])
    assert done.missing == [photo.sha256]


async def test_who_was_not_sent_finds_nothing_and_who_has_not_accepted_answers_nothing(crew, office):
    mission, _, (question, _) = await crew.under_way()
    yang = await crew.certified("杨老师")
    actor = await office.actor(await yang.person)
    with pytest.raises(NoSuchThing):
        await crew.answered(mission, question, actor, passed=True)
    await crew.dispatched(yang, mission=mission)
    with pytest.raises(NotAccepted):
        await crew.answered(mission, question, actor, passed=True)
    with pytest.raises(NotAccepted):
        await team.finish_mission(mission.id, team.Finish(summary="完成"), by=actor, now=crew.now)


async def test_a_question_of_another_mission_is_missing(crew):
    mission, laoma, _ = await crew.under_way()
    other = await crew.planned()
    ((question, *_),) = [stop.questions for stop in await team.route_of(other)]
    with pytest.raises(NoSuchThing):
        await crew.answered(mission, question, laoma, passed=True)


async def test_a_failed_answer_proposes_a_problem_with_everything_filled_in(crew):
    mission, laoma, (question, number) = await crew.under_way()
    await crew.answered(mission, question, laoma, passed=False, text="叫号机黑屏")
    await crew.answered(mission, number, laoma, number=0)

    (proposal,) = await team.proposals(crew.chen, mission_id=mission.id)
    assert proposal.draft.title == "市民大厅一楼：叫号机能用"
    assert (proposal.draft.summary, proposal.draft.place_name) == ("叫号机黑屏", "市民大厅一楼")
    problem = await team.take_in_proposal(proposal.answer.id, by=crew.chen, now=crew.now)
    assert problem.number_text == "改革办-问题-2026-0001"
    assert round(problem.wgs_latitude, 4) == HALL.latitude
    source = await ProblemSource.get()
    assert (source.kind, source.source_id) == (K.CHECKLIST_ANSWER, proposal.answer.id)
    (back,) = await problems.problems_from(crew.chen, K.CHECKLIST_ANSWER, proposal.answer.id)
    assert back.id == problem.id
    assert await team.proposals(crew.chen) == []
    with pytest.raises(NoProposal):
        await team.take_in_proposal(proposal.answer.id, by=crew.chen, now=crew.now)


async def test_a_proposal_is_left_for_a_reason_or_worded_anew_and_a_third_sees_none(crew):
    mission, laoma, (question, _) = await crew.under_way()
    answer = (await crew.answered(mission, question, laoma, passed=False)).answer
    assert await team.proposals(crew.gao) == []
    with pytest.raises(NoSuchThing):
        await team.take_in_proposal(answer.id, by=crew.gao, now=crew.now)

    await team.dismiss_proposal(answer.id, because="当天停电", by=crew.chen)
    assert await team.proposals(crew.chen) == []
    await crew.answered(mission, question, laoma, passed=False, text="来电后仍黑屏")
    new = NewProblem("叫号系统故障")
    problem = await team.take_in_proposal(answer.id, by=crew.chen, now=crew.now, new=new)
    assert problem.title == "叫号系统故障"


async def test_a_passed_answer_proposes_nothing(crew):
    mission, laoma, (question, _) = await crew.under_way()
    answer = (await crew.answered(mission, question, laoma, passed=True)).answer
    with pytest.raises(NoProposal):
        await team.take_in_proposal(answer.id, by=crew.chen, now=crew.now)


async def test_nothing_is_finished_twice_with_other_words(crew):
    mission, laoma, _ = await crew.under_way()
    for _ in range(2):
        await team.finish_mission(mission.id, team.Finish(summary="完成"), by=laoma, now=crew.now)
    with pytest.raises(WrongStep):
        await team.finish_mission(mission.id, team.Finish(summary="另一种说法"), by=laoma, now=crew.now)
