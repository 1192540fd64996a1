"""Pictures as they are saved again while passed from phone to phone, and as people alter them; all from a seed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageStat

from server.gateways.images import Mark, render
from server.gateways.images.geometry import fitted
from server.gateways.images.watermark import FONT

MARK = Mark(
    at=datetime(2026, 11, 22, 2, 0, 5, tzinfo=UTC),
    code="7KQ4M2XDAB",
    place="宁夏银川市兴庆区北京路与民族街口",
    task="老旧小区改造",
    reporter="督察员03",
)
DEMO = Path(__file__).parents[1] / "server/packs/yinchuan/demo"
SIZES = [(1600, 1200), (1200, 1600), (1920, 1080), (1080, 1920), (900, 900)]
SEEN = 24  # levels by which a spot must have changed on average: a smaller alteration is invisible


def encoded(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def scenes(count: int, *, seed: int) -> Iterator[bytes]:
    """Yield the demo's pictures, then unknown street scenes: light, grain, shapes and writing."""
    demo = sorted(DEMO.glob("*.jpg"))
    for number in range(count):
        yield demo[number].read_bytes() if number < len(demo) else _drawn(Random(f"{seed} {number}"))


def renditions(photo: bytes) -> list[bytes]:
    """Return what is published of a photo, largest first."""
    return [one.data for one in render(photo, mark=MARK).renditions]


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def saved_again(picture: Image.Image, *, by: Random) -> dict[str, bytes]:
    """Return the same picture as chats, albums and programs pass it on."""
    found = {f"quality {one}": encoded(picture, quality=one) for one in (40, 55, 75, 95)}
    for longest in (1280, 1080, 800, 640, 480, 320):
        if longest < max(picture.size):
            how = by.choice([Image.Resampling.BILINEAR, Image.Resampling.LANCZOS, Image.Resampling.BICUBIC])
            small = picture.resize(fitted(picture.size, longest=longest), how)
            found[f"longest {longest}"] = encoded(small, quality=by.choice([40, 60, 85]))
    found["PNG"] = encoded(picture, "PNG", compress_level=1)
    found["WebP"] = encoded(picture, "WEBP", quality=by.choice([40, 80]), method=0)
    turn = Image.Exif()
    turn[0x0112] = 6
    found["turned by EXIF"] = encoded(picture.transpose(Image.Transpose.ROTATE_90), quality=70, exif=turn)
    found["turned"] = encoded(picture.transpose(by.choice(TURNS)), quality=75)
    again = picture
    for quality in (85, 70, 60):
        again = opened(encoded(again, quality=quality))
    found["four times"] = encoded(again, quality=50)
    larger = (picture.width * 3 // 2, picture.height * 3 // 2)
    found["larger"] = encoded(picture.resize(larger, Image.Resampling.BICUBIC), quality=80)
    return found


TURNS = [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270]


def altered(picture: Image.Image, *, by: Random) -> dict[str, bytes]:
    """Return altered and re-saved pictures; only visible alterations count."""
    found: dict[str, Image.Image] = {
        "an object": _painted(picture, 0.06, by=by),
        "a small object": _painted(picture, 0.035, by=by),
        "a numeral": _written(picture, 0.045, by=by),
        "a numeral in the mark": _redated(picture),
        "a part from elsewhere": _copied(picture, 0.12, by=by),
        "a mosaic": _mosaic(picture, 0.1, by=by),
        "cut on all sides": _cut(picture, 0.02, 0.02, 0.02, 0.02),
        "cut at one side": _cut(picture, 0.03, 0, 0, 0),
        "cut at the foot": _cut(picture, 0, 0, 0, 0.05),
        "mirrored": picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    }
    return {name: _handed_on(one, by=by) for name, one in found.items() if is_seen(one, picture)}


def is_seen(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures differ visibly: in size, or in the brightness of a spot of 3 % of them."""
    if one.size != other.size:
        return True
    size = fitted(one.size, longest=32)
    soft = [picture.convert("L").resize(size, Image.Resampling.BOX) for picture in (one, other)]
    sharp = [picture.convert("L") for picture in (one, other)]
    most = max(abs(a - b) for a, b in zip(*(each.tobytes() for each in soft), strict=True))
    if most >= SEEN:
        return True
    box = _difference(*sharp).getbbox()
    return box is not None and ImageStat.Stat(_difference(*sharp).crop(box)).mean[0] >= SEEN


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    out = Image.new("L", one.size)
    out.putdata(
        [abs(a - b) if abs(a - b) > 8 else 0 for a, b in zip(one.tobytes(), other.tobytes(), strict=True)]
    )
    return out


def _handed_on(picture: Image.Image, *, by: Random) -> bytes:
    if by.random() < 0.5:
        picture = picture.resize(
            fitted(picture.size, longest=by.choice([1280, 960])), Image.Resampling.BILINEAR
        )
    return encoded(picture, quality=by.choice([50, 70, 90]))


def _spot(picture: Image.Image, share: float, *, by: Random) -> tuple[int, int, int, int]:
    side = max(8, int(min(picture.size) * share))
    left, top = by.randrange(picture.width - side), by.randrange(picture.height - side)
    return left, top, left + side, top + side


def _painted(picture: Image.Image, share: float, *, by: Random) -> Image.Image:
    copy, spot = picture.copy(), _spot(picture, share, by=by)
    mean = ImageStat.Stat(picture.crop(spot)).mean
    ImageDraw.Draw(copy).ellipse(spot, fill=tuple((round(level) + 110) % 256 for level in mean))
    return copy


def _written(picture: Image.Image, share: float, *, by: Random) -> Image.Image:
    copy, spot = picture.copy(), _spot(picture, share * 2, by=by)
    is_dark = ImageStat.Stat(picture.crop(spot).convert("L")).mean[0] < 128
    font = ImageFont.truetype(str(FONT), round(min(picture.size) * share), index=2)
    ImageDraw.Draw(copy).text(
        spot[:2], str(by.randrange(10, 100)), font=font, fill="white" if is_dark else "black"
    )
    return copy


def _redated(picture: Image.Image) -> Image.Image:
    """Paint over the day in the mark's first line: 22 becomes 28."""
    copy = picture.copy()
    unit = max(11, round(min(picture.size) / 30))
    height = round(unit * 1.4)
    font = ImageFont.truetype(str(FONT), height, index=2)
    amber = [
        y
        for y in range(picture.height)
        if (pixel := picture.getpixel((0, y)))[0] - pixel[2] > 80  # the bar at the left of the band
    ]
    left, right = (unit + font.getlength(text) for text in ("2026-11-2", "2026-11-22"))
    top = amber[0] + round(unit * 0.6)
    draw = ImageDraw.Draw(copy)
    paper = picture.getpixel(
        (min(picture.width - 1, round(unit + font.getlength("2026-11-22 10:00 收到") + 8)), top)
    )
    draw.rectangle((left, top, right, top + height * 1.3), fill=paper)
    draw.text((left, top), "8", font=font, fill=(255, 179, 0))
    return copy


def _copied(picture: Image.Image, share: float, *, by: Random) -> Image.Image:
    copy, there = picture.copy(), _spot(picture, share, by=by)
    copy.paste(picture.crop(_spot(picture, share, by=by)), there[:2])
    return copy


def _mosaic(picture: Image.Image, share: float, *, by: Random) -> Image.Image:
    copy, spot = picture.copy(), _spot(picture, share, by=by)
    part = picture.crop(spot)
    copy.paste(
        part.resize((3, 3), Image.Resampling.BOX).resize(part.size, Image.Resampling.NEAREST), spot[:2]
    )
    return copy


def _cut(picture: Image.Image, left: float, top: float, right: float, foot: float) -> Image.Image:
    width, height = picture.size
    return picture.crop(
        (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - foot)))
    )


def _drawn(by: Random) -> bytes:
    width, height = by.choice(SIZES)
    grain = _noise((width // by.choice([4, 8, 16]), height // 8), by).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    ramp = Image.linear_gradient("L").resize((width, height)).rotate(by.choice([0, 180]))
    light = Image.blend(grain, ramp, by.random())
    picture = Image.merge("RGB", (grain, light, Image.blend(ramp, grain, by.random() / 2)))
    fine = (
        _noise((width // 2, height // 2), by).resize((width, height), Image.Resampling.NEAREST).convert("RGB")
    )
    picture = Image.blend(picture, fine, by.uniform(0, 0.3))
    draw = ImageDraw.Draw(picture)
    for _ in range(by.randint(5, 60)):
        x, y = by.randrange(width), by.randrange(height)
        colour = tuple(by.randrange(256) for _ in range(3))
        shape = by.choice([draw.rectangle, draw.ellipse])
        box = (x, y, x + by.randrange(10, width // 3), y + by.randrange(10, height // 3))
        shape(box, fill=colour if by.random() < 0.6 else None, outline=colour, width=by.randint(1, 8))
    font = ImageFont.truetype(str(FONT), by.randint(24, 90), index=2)
    for _ in range(by.randint(0, 6)):
        colour = tuple(by.randrange(256) for _ in range(3))
        words = by.choice(["营业执照", "路灯不亮", "2026", "整改前", "北京东路128号"])
        draw.text((by.randrange(width), by.randrange(height)), words, font=font, fill=colour)
    return encoded(picture.filter(ImageFilter.GaussianBlur(by.uniform(0, 1.5))), quality=92)


def _noise(size: tuple[int, int], by: Random) -> Image.Image:
    """Return grain from a seed, which Pillow's own lacks."""
    return Image.frombytes("L", size, by.randbytes(size[0] * size[1])).filter(ImageFilter.GaussianBlur(1))
