"""Notices: a year's announced holidays and make-up workdays, and the alarm while they are missing."""

from server.notices.foreseeing import Foreseen, foresee
from server.notices.loading import AnnouncedDay, NoticeIncomplete, faults_of, load_notice
from server.notices.missing import missing_year, notices
from server.notices.overview import KnownYear, SheetDay, known_years, sheet_of
from server.notices.pasted import Fault, Pasted, read_pasted

__all__ = [
    "AnnouncedDay",
    "Fault",
    "Foreseen",
    "KnownYear",
    "NoticeIncomplete",
    "Pasted",
    "SheetDay",
    "faults_of",
    "foresee",
    "known_years",
    "load_notice",
    "missing_year",
    "notices",
    "read_pasted",
    "sheet_of",
]
