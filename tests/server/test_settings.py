"""A process starts with all settings it needs, or names all that are missing."""

import base64

import pytest

from server.settings import SettingsMissing, read_settings

KEY, OTHER = (base64.b64encode(letter * 32).decode() for letter in (b"k", b"r"))
WHOLE = {
    "DATABASE_URL": "postgresql://x@y/z",
    "PUBLIC_URL": "https://office.example",
    "MASTER_KEYS": f"k1:{KEY}",
    "LOOKUP_KEY": KEY,
    "LINK_KEY": KEY,
    "REPORTER_KEYS": f"k1:{OTHER}",
    "WECHAT_APPID": "wx",
    "WECHAT_SECRET": "s",
    "WECHAT_CALLBACK_TOKEN": "t",
    "WECHAT_CALLBACK_AES_KEY": "a" * 43,
}
SECRET = "a" * 32


def gaps(**changes):
    try:
        read_settings(WHOLE | changes)
    except SettingsMissing as error:
        return [line.partition(":")[0] for line in str(error).splitlines()]
    return []


def test_production_does_not_start_before_it_is_said_who_stands_in_front():
    assert gaps() == ["FORWARDED_SECRET"]
    assert gaps(MODE="production", FORWARDED_SECRET=SECRET) == []
    assert gaps(PROXY="none") == []


def test_a_trial_has_no_proxy_unless_it_says_so():
    assert gaps(MODE="trial") == []
    assert gaps(MODE="trial", FORWARDED_SECRET=SECRET) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"FORWARDED_SECRET": "a" * 31},
        {"FORWARDED_SECRET": "a" * 201},
        {"FORWARDED_SECRET": "a" * 31 + "é"},
        {"FORWARDED_SECRET": "a" * 31 + ";"},
        {"FORWARDED_SECRET": SECRET, "PROXY": "none"},
    ],
)
def test_a_secret_that_can_be_guessed_or_that_nobody_uses_is_refused(wrong):
    assert gaps(**wrong) == ["FORWARDED_SECRET"]


@pytest.mark.parametrize("keys", ["", OTHER, "k1:short", f"k1:{KEY}", f"k2:{OTHER},k1:{KEY}"])
def test_keys_that_find_reporters_are_needed_and_are_no_keys_of_anything_else(keys):
    assert gaps(PROXY="none", REPORTER_KEYS=keys) == ["REPORTER_KEYS"]


def test_what_believes_everybody_is_refused_by_name():
    assert gaps(FORWARDED_SECRET=SECRET, PROXIES_COUNT="1") == ["PROXIES_COUNT"]
    assert gaps(FORWARDED_SECRET=SECRET, PROXY="two") == ["FORWARDED_SECRET", "PROXY"]
