"""Steps down from root to an ordinary account before starting PostgreSQL, which refuses to run as root.

A separate program (`python -I stepping_down.py UID GID REACH COMMAND…`) that imports nothing of ours:
changing the account between fork and exec is not safe in a process with threads.
Our own code, because a machine may have neither setpriv nor runuser.
"""

import ctypes
import os
import sys

CAP_DAC_OVERRIDE = 1
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 4
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
TOO_CLOSED = (
    "数据库的账号进不了项目或数据所在的文件夹。请把它们放到别的用户能进入的地方，或者用普通用户运行。"
)


def step_down(uid: int, gid: int, *, everywhere: bool) -> None:
    """Become `uid` permanently; `everywhere` keeps the right to enter closed folders across exec.

    Without the secure bit the kernel would remove the right, and access(2) would not count it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if everywhere:
        _check(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0))
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if everywhere:
        right = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        # effective, permitted, inheritable; then the same for capabilities above 31
        sets = (ctypes.c_uint32 * 6)(right, right, right, 0, 0, 0)
        _check(libc.capset(header, sets))
        _check(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))


def _check(result: int) -> None:
    if result != 0:
        sys.exit(f"{TOO_CLOSED}（{os.strerror(ctypes.get_errno())}）")


if __name__ == "__main__":
    step_down(int(sys.argv[1]), int(sys.argv[2]), everywhere=sys.argv[3] == "everywhere")
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  the words come from the starter above, never from outside
