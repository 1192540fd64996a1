"""Filling a text: each blank in braces gets its fact once; the fact's own text is never read as a blank. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from models.vocabulary import TemplatePurpose
from server.templates.refusals import BlankMissing, BlankNotKnown, BraceAlone, WordingTooLong
from server.templates.standard import STANDARD, Blank

PLACE = re.compile(r"[{｛][ 　]*([^{}｛｝\n]*?)[ 　]*[}｝]")
BRACE = re.compile(r"[{}｛｝]")


def fill(purpose: TemplatePurpose, text: str, facts: Mapping[str, Any]) -> str:
    """Return a text with its blanks filled; without its fact, a blank becomes empty."""
    return fill_blanks(STANDARD[purpose].blanks, text, facts)


def fill_blanks(blanks: Iterable[Blank], text: str, facts: Mapping[str, Any]) -> str:
    """Return a text with these blanks filled; without its fact, or if it is not among them, a blank becomes empty."""
    said = {blank.name: str(facts.get(blank.fact) or "") for blank in blanks}
    return PLACE.sub(lambda place: said.get(place[1], ""), text)


def check(purpose: TemplatePurpose, *, title: str, body: str) -> None:
    """Raise BraceAlone, BlankNotKnown, BlankMissing or WordingTooLong, each naming what is wrong."""
    standard = STANDARD[purpose]
    if BRACE.search(PLACE.sub("", title + body)):
        raise BraceAlone
    used, known = PLACE.findall(title + body), {blank.name for blank in standard.blanks}
    if strange := [name for name in used if name not in known]:
        raise BlankNotKnown(f"“{strange[0]}”不是这份模板的占位词。", hint=_hint(sorted(known)))
    if lacking := [blank.name for blank in standard.must if blank.name not in PLACE.findall(body)]:
        raise BlankMissing(f"正文里缺少必须写的占位词{_braced(lacking)}。")
    if len(body) > standard.longest:
        raise WordingTooLong(f"模板正文有{len(body)}个字，最多{standard.longest}个字。")


def preview(purpose: TemplatePurpose, *, title: str, body: str) -> tuple[str, str]:
    """Return title and body as they would be read, filled with examples; raises as `check` does."""
    check(purpose, title=title, body=body)
    examples = {blank.fact: blank.example for blank in STANDARD[purpose].blanks}
    return fill(purpose, title, examples), fill(purpose, body, examples)


def _hint(names: list[str]) -> str:
    return f"请只用这些占位词：{_braced(names)}。"


def _braced(names: list[str]) -> str:
    return "、".join(f"{{{name}}}" for name in names)
