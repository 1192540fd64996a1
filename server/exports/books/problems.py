"""The problem bank as a sheet."""

from datetime import datetime

from tortoise.queryset import QuerySet

from models import Problem
from models.vocabulary import BankLevel, Difficulty, ProblemCause, ProblemKind, ProblemState, Solver
from server import problems
from server.exports.book import Book, Column, labels
from server.people import Actor, Permission
from server.problems import ProblemFilter


async def find(actor: Actor, wanted: ProblemFilter, now: datetime) -> QuerySet[Problem]:
    """Select the problems of the actor's own bank and those below."""
    return problems.wanted(actor, wanted, now=now)


BOOK = Book(
    kind="problems",
    title="问题库",
    permission=Permission.SEE_PROBLEMS,
    shape=ProblemFilter,
    find=find,
    order=("collected_at", "id"),
    columns=(
        Column(field="number_text", header="编号", width=20),
        Column(field="title", header="标题", width=32),
        Column(field="state", header="状态", width=10, labels=labels(ProblemState)),
        Column(field="level", header="层级", width=12, labels=labels(BankLevel)),
        Column(field="bank__name", header="所在问题库", width=22),
        Column(field="origin__name", header="归集单位", width=22),
        Column(field="summary", header="情况", width=60),
        Column(field="place_name", header="地点", width=26),
        Column(field="kind", header="类别", width=12, labels=labels(ProblemKind)),
        Column(field="cause", header="成因", width=12, labels=labels(ProblemCause)),
        Column(field="difficulty", header="难度", width=10, labels=labels(Difficulty)),
        Column(field="solver", header="解决层级", width=10, labels=labels(Solver)),
        Column(field="triage_words", header="研判意见", width=40),
        Column(field="task__code", header="任务编号", width=12),
        Column(field="item__number_text", header="台账编号", width=18),
        Column(field="collected_at", header="归集时间", width=17),
        Column(field="touched_at", header="最近跟进", width=17),
    ),
)
