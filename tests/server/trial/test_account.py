import os
import shutil
import subprocess
from pathlib import Path

import pytest

from server.trial.account import account_for


@pytest.fixture
def closed(tmp_path):
    """A folder that only its owner may enter, with a shell in it."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    shutil.copy(Path("/bin/sh").resolve(), folder / "sh")
    return folder


def test_the_account_is_never_root(tmp_path):
    assert account_for(tmp_path / "new").uid != 0


def test_an_ordinary_user_is_the_account(tmp_path):
    assert account_for(tmp_path).is_me == (os.geteuid() != 0)


def test_the_account_passes_closed_folders_where_it_has_to(closed):
    account = account_for(closed.parent / "new")
    ask = 'test -x "$0" && id -u'
    command = account.command(closed / "sh", "-c", ask, closed / "sh", reaching=(closed / "sh",))

    told = subprocess.run(command, capture_output=True, text=True)

    assert (told.stdout.strip(), told.stderr) == (str(account.uid), "")


def test_the_account_reads_nothing_of_others_where_it_need_not(tmp_path):
    if os.geteuid() != 0:
        assert account_for(tmp_path).command("/bin/true", reaching=()) == ["/bin/true"]
        return
    account = account_for(tmp_path / "new")
    command = account.command("/bin/cat", "/etc/shadow", reaching=(Path("/bin/sh"),))

    told = subprocess.run(command, capture_output=True, text=True)

    assert "Permission denied" in told.stderr
    assert told.stdout == ""
