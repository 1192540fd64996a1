"""Page templates are compiled once for all processes, or by each process for itself where that is impossible."""

import sys

import pytest
from jinja2 import DictLoader, Environment

from server.web.console.pages import CompiledBeside


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    cache = CompiledBeside()
    cache.directory = str(tmp_path)
    return cache


def a_page(cache, text="{{ 6 * 7 }}"):
    loader = DictLoader({"page.html": text})
    return Environment(loader=loader, bytecode_cache=cache).get_template("page.html").render()


def test_what_was_compiled_is_kept_until_its_text_changes(cache, tmp_path):
    assert a_page(cache) == "42"
    (kept,) = tmp_path.iterdir()
    first = kept.read_bytes()
    assert a_page(cache) == "42"
    assert kept.read_bytes() == first
    assert a_page(cache, "{{ 6 + 7 }}") == "13"
    assert kept.read_bytes() != first


def test_a_page_is_shown_where_nothing_can_be_written(cache, tmp_path):
    cache.directory = str(tmp_path / "nowhere")
    assert a_page(cache) == "42"
