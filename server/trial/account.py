"""The database server's account: PostgreSQL refuses root, so root uses an ordinary account for it."""

import os
import pwd
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from server.trial import stepping_down
from server.trial.obstacle import Obstacle

ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The account that runs the database server."""

    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def can_reach(self, path: Path) -> bool:
        """Whether the account may enter every folder above `path` and read and run `path` itself."""
        path = path.resolve()
        return all(self._has(folder, 0o1) for folder in path.parents) and self._has(path, 0o5)

    def _has(self, path: Path, wanted: int) -> bool:
        facts = path.stat()
        if facts.st_uid == self.uid:
            given = stat.S_IMODE(facts.st_mode) >> 6
        elif facts.st_gid == self.gid:
            given = stat.S_IMODE(facts.st_mode) >> 3
        else:
            given = stat.S_IMODE(facts.st_mode)
        return given & wanted == wanted

    def take(self, path: Path) -> None:
        """Make this account the owner of `path`."""
        if not self.is_me:
            os.chown(path, self.uid, self.gid)

    def command(self, *words: str | Path, reaching: tuple[Path, ...]) -> list[str]:
        """Return the command line that runs `words` as this account, able to reach the paths `reaching`.

        A project under /root is closed to every other account. Then the command keeps root's right to
        enter closed folders (CAP_DAC_OVERRIDE) and nothing else; root starts it and has that right anyway.
        """
        plain = [str(word) for word in words]
        if self.is_me:
            return plain
        reach = "plain" if all(map(self.can_reach, reaching)) else "everywhere"
        launcher = [sys.executable, "-I", "-S", stepping_down.__file__]
        return [*launcher, str(self.uid), str(self.gid), reach, *plain]


def account_for(folder: Path) -> Account:
    """Return the current account; for root, the owner of existing data in `folder`, or a system account."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    owner = folder.stat() if folder.exists() else None
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Obstacle("数据库不能由 root 直接运行，本机又没有 postgres 或 nobody 用户。请换普通用户运行。")
