"""The watermark: a band at the bottom of a picture with time, place, subject, author, and a code to check."""

import unicodedata
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple, cast

import msgspec
from PIL import Image, ImageDraw, ImageFont

from server.kernel.clock import SHANGHAI

FONT = files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc"
SIMPLIFIED_CHINESE = 2  # its index in the font collection
FADE = 0.62
AMBER = (255, 179, 0)
WHITE = (255, 255, 255)
SMALLEST = (400, 120)  # longer side and height; below either, only one line would be legible
MOST_CHARACTERS = 120
PLACE_LINES = 2


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What is burnt into a picture. `at` is the server's time; `reporter` is already masked."""

    at: datetime
    code: str
    place: str = ""
    task: str = ""
    reporter: str = ""
    is_by_day: bool = False


Size = tuple[int, int]


class MarkLine(NamedTuple):
    text: str
    height: int
    colour: tuple[int, int, int]


def stamp(image: Image.Image, mark: Mark) -> Image.Image:
    """Return the picture with the mark in a band at its bottom, legible on light and dark backgrounds."""
    lines = _laid_out(mark, image.size)
    unit = lines[-1].height
    margin = round(unit * 0.6)
    height = min(image.height, sum(_leading(line) for line in lines) + 2 * margin)
    top = image.height - height

    band = image.crop((0, top, image.width, image.height))
    band = Image.blend(band, Image.new("RGB", band.size, "black"), FADE)
    draw = ImageDraw.Draw(band)
    draw.rectangle((0, 0, max(2, unit // 5), height), fill=AMBER)
    y = margin
    for line in lines:
        draw.text((unit, y), line.text, font=_font(line.height), fill=line.colour)
        y += _leading(line)
    marked = image.copy()
    marked.paste(band, (0, top))
    return marked


def band_top(image: Image.Image) -> int:
    """Return where the band of a stamped picture begins, by its amber bar on the left; the height if there is none."""
    column = image.crop((0, 0, 1, image.height)).convert("RGB")
    top = image.height
    while top and _is_amber(column.getpixel((0, top - 1))):
        top -= 1
    return top


def _is_amber(pixel: object) -> bool:
    red, _, blue = cast("tuple[int, int, int]", pixel)
    return red - blue > 80  # of 255, because JPEG blurs colours most


def _laid_out(mark: Mark, size: Size) -> list[MarkLine]:
    unit = max(11, round(min(size) / 30))
    code = f"验真码 {_plain(mark.code)}"
    if max(size) < SMALLEST[0] or size[1] < SMALLEST[1]:
        return [MarkLine(code, unit, WHITE)]
    room = size[0] - 2 * unit
    when = mark.at.astimezone(SHANGHAI).strftime("%Y-%m-%d 收到" if mark.is_by_day else "%Y-%m-%d %H:%M 收到")
    task = f"任务 {_plain(mark.task)}" if mark.task else ""
    reporter = f"上报人 {_plain(mark.reporter)}" if mark.reporter else ""
    texts = [
        *_wrapped(_plain(mark.place), unit, room=room),
        *_joined([task, reporter, code], unit, room=room),
    ]
    return [MarkLine(when, round(unit * 1.4), AMBER), *(MarkLine(text, unit, WHITE) for text in texts)]


def _joined(parts: list[str], height: int, *, room: int) -> list[str]:
    """Join the parts into lines while they fit, otherwise give them lines of their own."""
    lines: list[str] = []
    for part in filter(None, parts):
        longer = f"{lines[-1]}　{part}" if lines else part
        if lines and _font(height).getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(_cut(part, height, room=room))
    return lines


def _wrapped(text: str, height: int, *, room: int) -> list[str]:
    lines: list[str] = []
    while text and len(lines) < PLACE_LINES - 1 and _font(height).getlength(text) > room:
        fitting = _fitting(text, height, room=room)
        lines.append(text[:fitting])
        text = text[fitting:]
    return [*lines, _cut(text, height, room=room)] if text else lines


def _cut(text: str, height: int, *, room: int) -> str:
    if _font(height).getlength(text) <= room:
        return text
    return text[: _fitting(text, height, room=room - height)] + "…"


def _fitting(text: str, height: int, *, room: int) -> int:
    """Count how many characters of `text` fit, at least one."""
    font = _font(height)
    return next((n - 1 for n in range(2, len(text) + 1) if font.getlength(text[:n]) > room), len(text))


def _plain(text: str) -> str:
    """Return one line of drawable text: no control or direction characters, no emoji, bounded length."""
    flat = " ".join(text.split())[:MOST_CHARACTERS]
    return "".join(c for c in flat if unicodedata.category(c)[0] != "C" and unicodedata.category(c) != "So")


def _leading(line: MarkLine) -> int:
    return round(line.height * 1.45)


@lru_cache(maxsize=32)
def _font(height: int) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.BASIC  # one glyph per character, left to right, whatever the text contains
    return ImageFont.truetype(str(FONT), height, index=SIMPLIFIED_CHINESE, layout_engine=layout)
