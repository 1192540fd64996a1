"""What no typeface has becomes a sign and is named; what one has is printed as it is."""

from importlib.resources import files
from pathlib import Path

import pytest

from server.gateways.typesetting.printable import Typefaces, named, with_signs

OURS = Path(str(files("noto_cjk_sans_otc")))


@pytest.fixture(scope="module")
def typefaces():
    return Typefaces([Path("/nowhere"), OURS])


@pytest.mark.parametrize(
    ("typed", "printed", "missing"),
    [
        ("路口坑槽①㎡𠮷", "路口坑槽①㎡𠮷", []),
        ("已办✅结", "已办□结", ["U+2705"]),
        ("一家👨\u200d👩\u200d👧\u200d👦人", "一家□人", ["U+1F466", "U+1F467", "U+1F468", "U+1F469"]),
        ("好👍🏽！", "好□！", ["U+1F3FD", "U+1F44D"]),
        ("❤\ufe0f心", "□心", ["U+2764"]),
        ("\b坑\0槽\x1b", "坑槽", []),
        ("一\n二", "一\n二", []),
        ("བོད", "□□", ["U+0F51", "U+0F56", "U+0F7C"]),
        ("✅✅", "□□", ["U+2705"]),
    ],
)
def test_a_character_without_a_glyph_becomes_a_sign_and_is_named(typefaces, typed, printed, missing):
    found = set()
    given = {"items": [{"title": typed, "count": 3, "empty": None}]}
    told = with_signs(given, typefaces=typefaces, missing=found)
    assert told == {"items": [{"title": printed, "count": 3, "empty": None}]}
    assert named(found) == missing


def test_a_broken_font_prints_nothing_and_stops_nothing(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0 no font")
    assert Typefaces([tmp_path, OURS]).have("坑")
    assert not Typefaces([tmp_path]).have("坑")
