"""The tests detect what they are for: a misspelt handler, a broken expression, a missing vendor file."""

import shutil

import pytest

from server.trial.node_packages import HARNESS, MINIPROGRAM
from server.trial.obstacle import Obstacle
from server.trial.preview.building import build
from tests.miniprogram.test_gates import node

OURS = shutil.ignore_patterns("node_modules")
HOME = "pages/home/home.wxml"


@pytest.fixture
def copy(tmp_path):
    """A mini-program to plant faults in."""
    folder = tmp_path / "miniprogram"
    shutil.copytree(MINIPROGRAM, folder, ignore=OURS)
    return folder


def plant(file, sound, faulty):
    text = file.read_text()
    assert sound in text
    file.write_text(text.replace(sound, faulty))


def test_a_broken_expression_is_named_by_both_compilers(copy, tmp_path):
    plant(copy / HOME, "{{greeting}}", "{{greeting.}}")
    with pytest.raises(Obstacle, match=HOME):
        build(tmp_path / "built", source=copy)
    told = node("node", HARNESS / "harness" / "official.mjs", copy)
    assert told.returncode == 1
    assert "home" in told.stderr


def test_a_handler_that_nobody_wrote_is_named(copy, tmp_path):
    plant(copy / HOME, 'bind:tap="onShoot"', 'bind:tap="onShot"')
    with pytest.raises(Obstacle, match="onShot"):
        build(tmp_path / "built", source=copy)


def test_a_misspelt_tag_is_named(copy, tmp_path):
    plant(copy / HOME, "<privacy-popup />", "<privacy-popop />")
    with pytest.raises(Obstacle, match="privacy-popop"):
        build(tmp_path / "built", source=copy)


def test_a_component_that_is_not_there_is_named(copy, tmp_path):
    plant(copy / "pages/home/home.json", "/icon/icon", "/icon/ikon")
    with pytest.raises(Obstacle, match="ikon"):
        build(tmp_path / "built", source=copy)


def test_a_changed_vendored_file_is_named(copy):
    file = copy / "miniprogram_npm/tdesign-miniprogram/icon/icon.js"
    file.write_text(file.read_text() + "\n")
    (copy / "node_modules").symlink_to(MINIPROGRAM / "node_modules")
    told = node("node", HARNESS / "harness" / "vendor.mjs", "--check", copy)
    assert told.returncode == 1
    assert "icon/icon.js" in told.stderr
