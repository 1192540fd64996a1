"""Scoring rounds: who judges what by which rules, the secret ballots, and what remains of them after the seal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import BallotState, RecusalKind, RoundAskKind, RoundState, SignalKind, WhyNotCounted

if TYPE_CHECKING:
    from models.organisation import Organisation
    from models.person import Person


class ScoreRound(Model):
    """A round of scoring under published rules; its id is that of what is scored in it, such as a visit."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="score_rounds", on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=80)
    state = fields.CharEnumField(RoundState, max_length=12)
    rules: dict[str, Any] = fields.JSONField()
    rule_digest = fields.CharField(max_length=64)
    rules_version = fields.IntField(default=1)
    locks_at = fields.DatetimeField()
    locked_at: datetime | None = fields.DatetimeField(null=True)
    sealed_at: datetime | None = fields.DatetimeField(null=True)
    fingerprint = fields.CharField(max_length=19, default="")
    published_at: datetime | None = fields.DatetimeField(null=True)
    entries: fields.ReverseRelation[ScoreEntry]
    judges: fields.ReverseRelation[ScoreJudge]

    organisation_id: UUID

    class Meta:
        table = "score_round"
        indexes = (("organisation_id",), ("state", "locks_at"))


class ScoreEntry(Model):
    """What is scored, and in which window; `unit` is whose work it is."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.ForeignKeyRelation[ScoreRound] = fields.ForeignKeyField(
        "models.ScoreRound", related_name="entries", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    name = fields.CharField(max_length=80)
    unit: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="score_entries", null=True, on_delete=fields.RESTRICT
    )
    is_mandatory = fields.BooleanField()
    opens_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()

    round_id: UUID
    unit_id: UUID | None

    class Meta:
        table = "score_entry"
        unique_together = (("round_id", "position"),)


class ScoreJudge(Model):
    """That somebody judges in a round, in one of its groups; what they gave is nowhere joined with it."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.ForeignKeyRelation[ScoreRound] = fields.ForeignKeyField(
        "models.ScoreRound", related_name="judges", on_delete=fields.RESTRICT
    )
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="score_judges", on_delete=fields.RESTRICT
    )
    group = fields.CharField(max_length=16, source_field="group_id")  # a group id from the rules
    exempt_because = fields.CharField(max_length=200, default="")  # from full coverage

    recusals: fields.ReverseRelation[Recusal]
    exclusions: fields.ReverseRelation[ScoreExclusion]

    round_id: UUID
    person_id: UUID

    class Meta:
        table = "score_judge"
        unique_together = (("round_id", "person_id"),)


class Recusal(Model):
    """That a judge does not score an entry."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    judge: fields.ForeignKeyRelation[ScoreJudge] = fields.ForeignKeyField(
        "models.ScoreJudge", related_name="recusals", on_delete=fields.RESTRICT
    )
    entry: fields.ForeignKeyRelation[ScoreEntry] = fields.ForeignKeyField(
        "models.ScoreEntry", related_name="recusals", on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(RecusalKind, max_length=16)
    reason = fields.CharField(max_length=200, default="")

    judge_id: UUID
    entry_id: UUID

    class Meta:
        table = "recusal"
        unique_together = (("judge_id", "entry_id"),)


class ScoreExclusion(Model):
    """A person's decision that a judge's ballot at an entry does not count."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    judge: fields.ForeignKeyRelation[ScoreJudge] = fields.ForeignKeyField(
        "models.ScoreJudge", related_name="exclusions", on_delete=fields.RESTRICT
    )
    entry: fields.ForeignKeyRelation[ScoreEntry] = fields.ForeignKeyField(
        "models.ScoreEntry", related_name="exclusions", on_delete=fields.RESTRICT
    )
    reason = fields.CharField(max_length=200)
    decided_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="score_exclusions", on_delete=fields.RESTRICT
    )
    decided_at = fields.DatetimeField()

    judge_id: UUID
    entry_id: UUID

    class Meta:
        table = "score_exclusion"
        unique_together = (("judge_id", "entry_id"),)


class Ballot(Model):
    """A judge's scores of an entry before the seal, under a tag that only the round's key joins with the judge."""

    tag = fields.CharField(primary_key=True, max_length=64)
    round_id = fields.UUIDField()
    entry_id = fields.UUIDField()
    group = fields.CharField(max_length=16, source_field="group_id")
    scores: dict[str, str] = fields.JSONField()
    comment = fields.CharField(max_length=200)
    state = fields.CharEnumField(BallotState, max_length=10)
    version = fields.IntField()
    salt = fields.CharField(max_length=32, null=True)
    digest = fields.CharField(max_length=64, null=True, unique=True)

    class Meta:
        table = "ballot"
        indexes = (("round_id", "entry_id"),)


class BallotTrace(Model):
    """How a ballot came, for the review before the seal; forgotten by the seal."""

    tag = fields.CharField(primary_key=True, max_length=64)
    round_id = fields.UUIDField()
    device_mark = fields.CharField(max_length=64)
    claimed_at = fields.DatetimeField()  # to the minute
    is_late = fields.BooleanField()  # arrived after the window closed

    class Meta:
        table = "ballot_trace"
        indexes = (("round_id",),)


class SealedBallot(Model):
    """A ballot that counts: no judge, no tag, no time; rows lie in the order of their digests."""

    digest = fields.CharField(primary_key=True, max_length=64)
    round_id = fields.UUIDField()
    entry_id = fields.UUIDField()
    cell = fields.CharField(max_length=140)  # its group, or several joined as a+b
    scores: dict[str, str] = fields.JSONField()
    salt = fields.CharField(max_length=32)

    class Meta:
        table = "sealed_ballot"
        indexes = (("round_id",),)


class NamedBallot(Model):
    """Whose a sealed ballot is, in a round whose rules said before that scores bear names (实名)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round_id = fields.UUIDField()
    digest = fields.CharField(max_length=64, unique=True)
    judge: fields.ForeignKeyRelation[ScoreJudge] = fields.ForeignKeyField(
        "models.ScoreJudge", related_name="named_ballots", on_delete=fields.RESTRICT
    )

    judge_id: UUID

    class Meta:
        table = "named_ballot"
        indexes = (("round_id",),)


class NotCounted(Model):
    """The digest of a ballot that does not count, and the kind of reason."""

    digest = fields.CharField(primary_key=True, max_length=64)
    round_id = fields.UUIDField()
    why = fields.CharEnumField(WhyNotCounted, max_length=10)

    class Meta:
        table = "not_counted"
        indexes = (("round_id",),)


class SealedComment(Model):
    """A comment on an entry, apart from its ballot and in random order."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    entry_id = fields.UUIDField()
    text = fields.CharField(max_length=200)

    class Meta:
        table = "sealed_comment"
        indexes = (("entry_id",),)


class Participation(Model):
    """How many of a judge's ballots counted: all that is said of them after the seal."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.ForeignKeyRelation[ScoreRound] = fields.ForeignKeyField(
        "models.ScoreRound", related_name="participations", on_delete=fields.RESTRICT
    )
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="participations", on_delete=fields.RESTRICT
    )
    counted = fields.IntField()
    not_counted = fields.IntField()

    round_id: UUID
    person_id: UUID

    class Meta:
        table = "participation"
        unique_together = (("round_id", "person_id"),)


class ScoreSignal(Model):
    """That somebody should look at a judge's ballots: kind and number, never a score; and what was decided."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    judge: fields.ForeignKeyRelation[ScoreJudge] = fields.ForeignKeyField(
        "models.ScoreJudge", related_name="signals", on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(SignalKind, max_length=16)
    count = fields.IntField()
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="score_signals_decided", null=True, on_delete=fields.RESTRICT
    )
    decided_at: datetime | None = fields.DatetimeField(null=True)
    words = fields.CharField(max_length=200, default="")

    judge_id: UUID
    decided_by_id: UUID | None

    class Meta:
        table = "score_signal"
        unique_together = (("judge_id", "kind"),)


class RoundAsk(Model):
    """What one person asks with a public note and another confirms; `rules` are those of a correction."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.ForeignKeyRelation[ScoreRound] = fields.ForeignKeyField(
        "models.ScoreRound", related_name="asks", on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(RoundAskKind, max_length=10)
    note = fields.CharField(max_length=300)
    rules: dict[str, Any] | None = fields.JSONField(null=True)
    asked_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="round_asks", on_delete=fields.RESTRICT
    )
    asked_at = fields.DatetimeField()
    confirmed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="round_asks_confirmed", null=True, on_delete=fields.RESTRICT
    )
    confirmed_at: datetime | None = fields.DatetimeField(null=True)

    round_id: UUID
    asked_by_id: UUID
    confirmed_by_id: UUID | None

    class Meta:
        table = "round_ask"
        indexes = (("round_id",),)


class ScoreResult(Model):
    """What was computed at the seal, and again after each correction of the rules, which then stand beside it.

    Recomputed from the sealed ballots it is the same to the last digit.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.ForeignKeyRelation[ScoreRound] = fields.ForeignKeyField(
        "models.ScoreRound", related_name="results", on_delete=fields.RESTRICT
    )
    version = fields.IntField()
    rows: list[dict[str, Any]] = fields.JSONField()
    without_flagged: list[dict[str, Any]] = fields.JSONField()
    harshness: dict[str, int] = fields.JSONField()
    rules: dict[str, Any] | None = fields.JSONField(null=True)  # None for version 1: those of the round
    rule_digest = fields.CharField(max_length=64, db_default="")

    round_id: UUID

    class Meta:
        table = "score_result"
        unique_together = (("round_id", "version"),)


class AssessmentFeed(Model):
    """That a published result goes into the year-end assessment: once."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.OneToOneRelation[ScoreRound] = fields.OneToOneField(
        "models.ScoreRound", related_name="assessment_feed", on_delete=fields.RESTRICT
    )
    year = fields.IntField()
    fed_at = fields.DatetimeField()

    round_id: UUID

    class Meta:
        table = "assessment_feed"
