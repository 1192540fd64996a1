"""Notices: a year's holidays and make-up workdays, as announced, and the alarm while they are missing."""

from server.notices.loading import AnnouncedDay, NoticeIncomplete, load_notice
from server.notices.missing import missing_year, notices

__all__ = ["AnnouncedDay", "NoticeIncomplete", "load_notice", "missing_year", "notices"]
