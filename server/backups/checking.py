"""Says whether backups and drills were made on time; monitoring runs it each hour."""

from datetime import UTC, datetime, timedelta

from server.backups.shelf import BackupFailed, Shelf
from server.kernel.clock import SHANGHAI

BACKUP_EVERY = timedelta(hours=26)  # nightly, with two hours to spare
DRILL_EVERY = timedelta(days=8)  # weekly, with a day to spare (R4.8)


def check(shelf: Shelf, *, now: datetime | None = None) -> str:
    """Return in words when the last backup and drill were; raises BackupFailed if one is overdue."""
    now = now or datetime.now(UTC)
    record, _ = shelf.before(None)
    if now - record.made_at > BACKUP_EVERY:
        raise BackupFailed(
            f"最近一次完整备份是{_words(record.made_at)}，已超过26小时。请查看备份任务的日志。"
        )
    drilled = shelf.last_drill()
    if drilled is None or now - drilled > DRILL_EVERY:
        when = f"最近一次演练是{_words(drilled)}" if drilled else "还没有做过演练"
        raise BackupFailed(f"{when}，超过8天没有演练。请运行 scripts/backup drill。")
    return f"最近备份{_words(record.made_at)}，最近演练{_words(drilled)}。"


def _words(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
