"""Decides which scores a ballot may hold, in one canonical text form, because the digest covers the text. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal

from server.scoring.figures import EXACT, places_of
from server.scoring.refusals import BadScores, CommentMissing, ScoresMissing
from server.scoring.rules import Rules, Scale

FIGURE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?")


def checked(scores: Mapping[str, str], rules: Rules) -> dict[str, str]:
    """Return the scores in canonical form, in the order of the criteria; some may be missing.

    Raises BadScores for a criterion that is not in the rules and for a score outside range or step.
    """
    names = {one.id: one.name for one in rules.criteria}
    if unknown := sorted(set(scores) - set(names)):
        raise BadScores("评分项和评分细则对不上。", hint="请刷新后重新打分。", criteria=unknown)
    wrong = [one for one in names if one in scores and _kept_form(scores[one], rules.scale) is None]
    if wrong:
        scale, named = rules.scale, "、".join(names[one] for one in wrong)
        raise BadScores(
            f"{named}：分数要在 {scale.low} 到 {scale.high} 之间，间隔 {scale.step}。", criteria=wrong
        )
    forms = {one: _kept_form(scores[one], rules.scale) for one in names if one in scores}
    return {one: form for one, form in forms.items() if form is not None}


def check_whole(scores: Mapping[str, str], *, comment: str, rules: Rules) -> None:
    """Raise ScoresMissing or CommentMissing if the ballot can't be submitted yet; `scores` are checked ones."""
    missing = [one for one in rules.criteria if one.id not in scores]
    if missing:
        named = "、".join(one.name for one in missing)
        raise ScoresMissing(f"还没有打分：{named}。", criteria=[one.id for one in missing])
    if needs_comment(scores, rules) and not comment.strip():
        raise CommentMissing


def needs_comment(scores: Mapping[str, str], rules: Rules) -> bool:
    """Whether a score is below the limit; a score exactly at the limit needs no comment."""
    below = rules.comment_below
    return below is not None and any(Decimal(score) < below for score in scores.values())


def _kept_form(text: str, scale: Scale) -> str | None:
    """Return a score with as many places as the step has, such as 92.5; None if it is outside range or step."""
    if not isinstance(text, str) or not FIGURE.fullmatch(text):
        return None
    value = Decimal(text)
    if not scale.low <= value <= scale.high or EXACT.remainder(EXACT.subtract(value, scale.low), scale.step):
        return None
    places = max(places_of(scale.step.normalize()), places_of(scale.low.normalize()))
    return format(value.quantize(Decimal(1).scaleb(-places), context=EXACT), "f")
