"""The keys of a trial are made once; keys that later versions need are added."""

import pytest

from server.trial.making_keys import LATER, NAMES, keys
from server.trial.obstacle import Obstacle


@pytest.fixture
def file(tmp_path):
    return tmp_path / "secrets.env"


def test_keys_are_made_once_and_kept_for_their_owner_alone(file, tmp_path):
    made = keys(file, given={}, sealed=tmp_path / "data")
    assert (set(made), len(set(made.values()))) == (set(NAMES), len(NAMES))
    assert keys(file, given={}, sealed=tmp_path / "data") == made
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("missing", LATER)
def test_a_folder_of_an_earlier_version_gets_what_it_lacks_and_keeps_what_it_has(file, tmp_path, missing):
    made = keys(file, given={}, sealed=tmp_path / "data")
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith(missing)))
    later = keys(file, given={}, sealed=tmp_path / "data")
    assert {name for name in NAMES if later[name] != made[name]} == {missing}
    assert keys(file, given={}, sealed=tmp_path / "data") == later


def test_what_is_given_is_taken_and_not_written_down(file, tmp_path):
    assert keys(file, given={"LINK_KEY": "given"}, sealed=tmp_path / "data")["LINK_KEY"] == "given"
    assert "given" not in file.read_text()


def test_without_its_keys_no_data_is_opened(file, tmp_path):
    (tmp_path / "data").mkdir()
    with pytest.raises(Obstacle):
        keys(file, given={}, sealed=tmp_path / "data")
