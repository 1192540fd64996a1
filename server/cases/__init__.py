"""Cases: what a supervised unit is told about a report, so that it can act without learning who reported (R2, G9)."""

from server.cases.accepting import accept, undo_acceptance
from server.cases.actions import ACTIONS, CaseAction, actions_of_office
from server.cases.answering import answer, forward_answer
from server.cases.audiences import Audience, audience_of, possible_reporters
from server.cases.choosing import Choice, choices_of
from server.cases.commands import AnswerCase, ForwardAnswer, WithdrawCase
from server.cases.opening import NewCase, open_case, withdraw_case
from server.cases.reading import (
    CaseFilter,
    answers_of,
    case_of_office,
    case_of_unit,
    cases_of_office,
    item_told_by,
    named_reporters,
    page_of_unit,
    photos_to_choose,
    picture_seen_by,
    pictures_of,
    reports_behind,
    told_by,
)
from server.cases.releasing import release_batch
from server.cases.renditions import render, render_waiting

__all__ = [
    "ACTIONS",
    "AnswerCase",
    "Audience",
    "CaseAction",
    "CaseFilter",
    "Choice",
    "ForwardAnswer",
    "NewCase",
    "WithdrawCase",
    "accept",
    "actions_of_office",
    "answer",
    "answers_of",
    "audience_of",
    "case_of_office",
    "case_of_unit",
    "cases_of_office",
    "choices_of",
    "forward_answer",
    "item_told_by",
    "named_reporters",
    "open_case",
    "page_of_unit",
    "photos_to_choose",
    "picture_seen_by",
    "pictures_of",
    "possible_reporters",
    "release_batch",
    "render",
    "render_waiting",
    "reports_behind",
    "told_by",
    "undo_acceptance",
    "withdraw_case",
]
