"""What time does to tokens and codes, by a clock that is moved by hand."""

import pytest

from server.fake_wechat import Settings
from server.fake_wechat.answers import No
from server.fake_wechat.codes import Codes
from server.fake_wechat.tokens import Tokens

HOUR = 3600


class Clock:
    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tokens(clock):
    return Tokens(Settings(), clock=clock)


def refusal_of(deed, *given, **named):
    with pytest.raises(No) as no:
        deed(*given, **named)
    return no.value.errcode


def test_a_token_lasts_two_hours_and_is_renewed_five_minutes_before(tokens, clock):
    first, seconds = tokens.stable(is_forced=False)
    assert seconds == 2 * HOUR
    clock.now += 2 * HOUR - 300
    assert tokens.stable(is_forced=False) == (first, 300)
    clock.now += 1
    second, seconds = tokens.stable(is_forced=False)
    assert (second != first, seconds) == (True, 2 * HOUR)
    tokens.check(first)
    clock.now += 300
    assert refusal_of(tokens.check, first) == 42001
    tokens.check(second)


def test_force_is_allowed_twenty_times_a_day(tokens, clock):
    issued = set()
    for _ in range(20):
        issued.add(tokens.stable(is_forced=True)[0])
        clock.now += 30
    assert len(issued) == 20
    assert refusal_of(tokens.stable, is_forced=True) == 45009
    clock.now += 24 * HOUR
    assert tokens.stable(is_forced=True)[0] not in issued


def test_a_token_of_the_old_kind_lives_five_minutes_beside_the_next(tokens, clock):
    first, _ = tokens.plain()
    tokens.plain()
    clock.now += 300
    tokens.check(first)
    clock.now += 1
    assert refusal_of(tokens.check, first) == 42001


def test_a_code_lives_five_minutes(clock):
    codes = Codes(clock=clock)
    early, late = codes.make(openid="openid-li"), codes.make(openid="openid-li")
    clock.now += 300
    assert codes.sign_in(early).openid == "openid-li"
    clock.now += 1
    assert refusal_of(codes.sign_in, late) == 40029
