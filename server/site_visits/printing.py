"""A visit's result on paper: PDF/A with the ranking, every 计分单, the digest of the rules and the fingerprint."""

import asyncio
from datetime import date, datetime
from pathlib import Path

import msgspec

from server.gateways.typesetting import typeset
from server.kernel.clock import SHANGHAI
from server.site_visits.results import Earlier, ResultLine, VisitResult
from server.tools import Tools

DOCUMENT = (Path(__file__).parent / "result.typ").read_text("utf-8")
_one_at_a_time = asyncio.Semaphore(1)  # typesetting is work for a whole core; a person waits for it


async def result_on_paper(result: VisitResult, *, tools: Tools) -> bytes:
    """Return the printed result, which names no observer and holds no comment; raises TypesettingFailed."""
    data = {
        "title": result.title,
        "held_on": _day(result.held_on),
        "organisation": result.organisation,
        "published": _moment(result.published_at),
        "rules_version": str(result.rules_version),
        "rule_digest": result.rule_digest,
        "fingerprint": result.fingerprint,
        "ballots": str(result.ballots),
        "criteria": [f"{one.name}（权重{one.weight}）" for one in result.rules.criteria],
        "groups": [f"{one.name}（权重{one.weight}）" for one in result.rules.groups],
        "scale": f"{result.rules.scale.low}～{result.rules.scale.high}分，间隔{result.rules.scale.step}",
        "fixed": [result.rules.rounding, result.rules.ties],
        "lines": [_line(one) for one in result.lines],
        "not_counted": [f"{why}{count}张" for why, count in result.not_counted.items()],
        "notes": result.notes,
        "earlier": [_earlier(one) for one in result.earlier],
    }
    async with _one_at_a_time:
        fonts = tools.settings.font_dir
        return await typeset(DOCUMENT, data=msgspec.json.encode(data), pictures={}, fonts=fonts)


def _line(one: ResultLine) -> dict[str, object]:
    return {
        "place": one.place,
        "name": one.name,
        "unit": one.unit or "—",
        "score": one.score or "—",
        "sheet": one.sheet,
    }


def _earlier(one: Earlier) -> dict[str, object]:
    lines = [f"{line.name}：{line.place}，{line.score or '—'}分" for line in one.lines]
    return {"rule_digest": one.rule_digest, "lines": lines}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(at: datetime | None) -> str:
    local = at.astimezone(SHANGHAI) if at else None
    return f"{_day(local.date())} {local:%H:%M}" if local else ""
