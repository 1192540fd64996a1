"""Letters: drafted from an item's facts, signed off with a number, acknowledged, replied to, and kept as signed."""

from server.letters.actions import ACTIONS, LetterAction, addressed
from server.letters.answerers import answered_by, answerers_of, holder_of, signers_of
from server.letters.answering import Answered, acknowledge, decide_reply, reply
from server.letters.deadlines import deadline_words, is_late
from server.letters.drafting import draft, redraft, reword, send_back, skips_a_step, submit, void
from server.letters.kinds import Kinds, kinds_of
from server.letters.ladder import Proposal, proposals
from server.letters.offering import actions_open_to
from server.letters.reading import (
    LetterFilter,
    LetterToDo,
    count_waiting,
    letter_seen_by,
    letters_of,
    letters_to,
    page_of,
    replies_of,
    seen_by,
    waiting_for,
    wanted,
)
from server.letters.registering import Register, register_of
from server.letters.reminding import pass_on_letters, remind_of_arrival
from server.letters.setting import Paper, content, editable, paper_of, set_letter
from server.letters.showing import picture_seen_by, pictures_of, warning_of
from server.letters.signing import issue, sign_off
from server.letters.states import MACHINE, UNSIGNED

__all__ = [
    "ACTIONS",
    "MACHINE",
    "UNSIGNED",
    "Answered",
    "Kinds",
    "LetterAction",
    "LetterFilter",
    "LetterToDo",
    "Paper",
    "Proposal",
    "Register",
    "acknowledge",
    "actions_open_to",
    "addressed",
    "answered_by",
    "answerers_of",
    "content",
    "count_waiting",
    "deadline_words",
    "decide_reply",
    "draft",
    "editable",
    "holder_of",
    "is_late",
    "issue",
    "kinds_of",
    "letter_seen_by",
    "letters_of",
    "letters_to",
    "page_of",
    "paper_of",
    "pass_on_letters",
    "picture_seen_by",
    "pictures_of",
    "proposals",
    "redraft",
    "register_of",
    "remind_of_arrival",
    "replies_of",
    "reply",
    "reword",
    "seen_by",
    "send_back",
    "set_letter",
    "sign_off",
    "signers_of",
    "skips_a_step",
    "submit",
    "void",
    "waiting_for",
    "wanted",
    "warning_of",
]
