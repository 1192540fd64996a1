"""What the camera claims in a photo's EXIF: no evidence by itself, kept sealed and never shown."""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
from PIL.ExifTags import GPS, IFD, Base

from server.gateways.images.examining import NotAPicture, opened
from server.kernel.clock import SHANGHAI

MOMENT = re.compile(r"(\d{4})[:\-](\d\d)[:\-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
LONGEST_NAME = 64
FIRST_YEAR = 1995  # no phone took pictures before


class CameraClaims(msgspec.Struct, frozen=True, kw_only=True):
    """When, where (WGS-84 degrees, metres) and with what device; None where the file says nothing plausible.

    `taken_at` has an offset: the camera's own if `utc_offset_minutes` is known, otherwise Shanghai's is assumed.
    """

    taken_at: datetime | None = None
    utc_offset_minutes: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude_m: float | None = None
    make: str | None = None
    model: str | None = None


def camera_claims(source: bytes | Path) -> CameraClaims:
    """Read the claims; never raises, whatever the file contains."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    try:
        exif = opened(data).getexif()
        main, photo, gps = dict(exif), exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    except NotAPicture:
        return CameraClaims()
    except Exception:  # hostile EXIF can raise anything
        return CameraClaims()
    taken_at, offset = _moment(photo)
    latitude, longitude = _position(gps)
    return CameraClaims(
        taken_at=taken_at,
        utc_offset_minutes=offset,
        latitude=latitude,
        longitude=longitude,
        altitude_m=_altitude(gps) if latitude is not None else None,
        make=_name(main.get(Base.Make)),
        model=_name(main.get(Base.Model)),
    )


def _moment(photo: Mapping[int, Any]) -> tuple[datetime | None, int | None]:
    written = MOMENT.match(_text(photo.get(Base.DateTimeOriginal)))
    if not written:
        return None, None
    offset = _offset_minutes(_text(photo.get(Base.OffsetTimeOriginal)))
    zone = SHANGHAI if offset is None else timezone(timedelta(minutes=offset))
    year, month, day, hour, minute, second = (int(part) for part in written.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None, None
    return (moment, offset) if year >= FIRST_YEAR else (None, None)


def _offset_minutes(text: str) -> int | None:
    written = OFFSET.fullmatch(text)
    if not written:
        return None
    minutes = int(written[2]) * 60 + int(written[3])
    return None if minutes > 14 * 60 else minutes * (-1 if written[1] == "-" else 1)


def _position(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    latitude = _degrees(gps.get(GPS.GPSLatitude), _text(gps.get(GPS.GPSLatitudeRef)), "NS", most=90)
    longitude = _degrees(gps.get(GPS.GPSLongitude), _text(gps.get(GPS.GPSLongitudeRef)), "EW", most=180)
    # 0, 0 is a camera without a fix.
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None, None
    return latitude, longitude


def _degrees(parts: object, side: str, sides: str, *, most: float) -> float | None:
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3 or side not in tuple(sides):
        return None
    numbers = [_number(part) for part in parts]
    degrees = sum((number / 60.0**place for place, number in enumerate(numbers) if number is not None), 0.0)
    if None in numbers or not 0 <= degrees <= most:
        return None
    return round(-degrees if side == sides[1] else degrees, 7)


def _altitude(gps: Mapping[int, Any]) -> float | None:
    metres = _number(gps.get(GPS.GPSAltitude))
    if metres is None or not 0 <= metres < 100_000:
        return None
    below_sea = gps.get(GPS.GPSAltitudeRef) in (1, b"\x01")
    return round(-metres if below_sea else metres, 1)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _text(value: object) -> str:
    if isinstance(value, str):  # the library reads Latin-1, phones write UTF-8
        value = value.encode("latin-1", "ignore")
    return value[:200].decode("utf-8", "ignore").strip("\0 ") if isinstance(value, bytes) else ""


def _name(value: object) -> str | None:
    name = "".join(c for c in _text(value) if c.isprintable()).strip()
    return name[:LONGEST_NAME] or None
