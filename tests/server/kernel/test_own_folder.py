"""Only their own account can read what the processes write."""

import os

import pytest

from server.kernel.own_folder import close_to_others


@pytest.fixture
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return path.stat().st_mode & 0o777


def test_what_is_there_and_what_comes_is_closed_to_others(tmp_path, usual_umask):
    folder = tmp_path / "var"
    (folder / "storage").mkdir(parents=True)
    (folder / "anchors.log").write_text("x")
    assert mode(folder) == mode(folder / "storage") == 0o755

    close_to_others(folder)
    (folder / "new.log").write_text("x")
    (folder / "exports").mkdir()

    assert mode(folder) == 0o711
    assert [mode(one) for one in sorted(folder.iterdir())] == [0o600, 0o700, 0o600, 0o700]


def test_a_folder_that_is_not_there_is_made_for_oneself(tmp_path, usual_umask):
    close_to_others(tmp_path / "new")
    assert mode(tmp_path / "new") == 0o700


def test_what_a_link_leads_to_stays_as_it_is(tmp_path, usual_umask):
    other = tmp_path / "another_folder"
    other.mkdir()
    (tmp_path / "var").mkdir()
    (tmp_path / "var/link").symlink_to(other)
    close_to_others(tmp_path / "var")
    assert mode(other) == 0o755
