"""Photos: sealed originals under the hash of their bytes, and the renditions that people see."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.columns import optional_code
from models.vocabulary import EvidenceKind, PhotoState

if TYPE_CHECKING:
    from models.person import Person


class Photo(Model):
    """A picture that proves its subject, a report or a piece of evidence: its original is sealed and never served.

    The same picture in two reports is two photos over the same bytes. Until something names it, it has no subject, and
    an `unnamed_key` instead: an HMAC of sender and day.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    subject_kind = fields.CharField(max_length=30, null=True)
    subject_id: UUID | None = fields.UUIDField(null=True)
    sha256 = fields.CharField(max_length=64)
    bytes = fields.IntField()
    kind = fields.CharField(max_length=8)  # JPEG, PNG or HEIF, detected from the content
    key = fields.CharField(max_length=120)
    sealed_sha256 = fields.CharField(max_length=64, null=True)  # of its sealed frames: checked without keys
    state = fields.CharEnumField(PhotoState, max_length=12, default=PhotoState.STORED)
    refused_because = fields.CharField(max_length=120, default="")
    received_at = fields.DatetimeField()
    claims_sealed = fields.TextField(null=True)  # camera time, place and model, as the file claims them
    fingerprint = fields.CharField(max_length=16, null=True)
    turn = fields.IntField(db_default=0)  # by the work its sender caused that day; 0 once shown
    time_outs = fields.SmallIntField(db_default=0)
    unnamed_key = fields.CharField(max_length=64, null=True)
    is_entered = fields.BooleanField(
        db_default=True
    )  # for a sealed report, waits for the hour; covered from then on
    renditions: fields.ReverseRelation[Rendition]

    class Meta:
        table = "photo"
        unique_together = (("subject_id", "sha256"), ("unnamed_key", "sha256"))
        indexes = (("sha256",), ("key",))


class PhotoDay(Model):
    """What one sender sent on one day; `key` is an HMAC of both, so a dump tells of nobody. Kept two days."""

    key = fields.CharField(max_length=64, primary_key=True)
    day = fields.DateField()
    bytes = fields.BigIntField()
    cost = fields.IntField(db_default=0)  # processor milliseconds, estimated from the pictures' headers

    class Meta:
        table = "photo_day"
        indexes = (("day",),)


class Upload(Model):
    """A photo that comes in parts (tus 1.0). `key` is an HMAC of sender, digest and length: a dump tells of nobody.

    `confirmed` may lag behind the parts that lie in the storage, and is never ahead of them.
    """

    key = fields.CharField(max_length=64, primary_key=True)
    day_key = fields.CharField(max_length=64)  # an HMAC of sender and day, for the limits
    length = fields.IntField()
    confirmed = fields.IntField(default=0)
    expires_at = fields.DatetimeField()
    finished = fields.BooleanField(default=False)

    class Meta:
        table = "upload"
        indexes = (("day_key",), ("expires_at",))


class Rendition(Model):
    """A re-encoded, upright, watermarked copy without metadata; its code can be checked at /verify."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    photo: fields.ForeignKeyRelation[Photo] = fields.ForeignKeyField(
        "models.Photo", related_name="renditions", on_delete=fields.CASCADE
    )
    subject_id = fields.UUIDField()  # the same photo in two reports carries two marks
    size = fields.CharField(max_length=8)
    edition = fields.IntField(db_default=0)  # 0 as taken, then one more for each redaction
    withdrawn_at = fields.DatetimeField(null=True)  # replaced by a redaction: nobody is shown it any more
    width = fields.IntField()
    height = fields.IntField()
    key = fields.CharField(max_length=120)
    sha256 = fields.CharField(max_length=64)
    verify_code = fields.CharField(max_length=16)
    made_at = fields.DatetimeField()

    photo_id: UUID

    class Meta:
        table = "rendition"
        unique_together = (("photo_id", "subject_id", "size", "edition"),)
        indexes = (("verify_code",), ("subject_id",))


class Redaction(Model):
    """Faces and plates blacked out in a photo; boxes are shares of width and height, from top left."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    photo: fields.ForeignKeyRelation[Photo] = fields.ForeignKeyField(
        "models.Photo", related_name="redactions", on_delete=fields.CASCADE
    )
    subject_id = fields.UUIDField()  # where it was seen
    edition = fields.IntField()
    boxes: list[list[float]] = fields.JSONField()
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="redactions", on_delete=fields.RESTRICT
    )
    made_at = fields.DatetimeField()

    photo_id: UUID

    class Meta:
        table = "redaction"
        unique_together = (("photo_id", "edition"),)


class ManifestLine(Model):
    """One photo that an action announced by its digest, of a report or of evidence.

    Lines and photos may come in any order; the line is answered when its subject's photo is here.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField()
    position = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    bytes = fields.IntField()
    taken_at = fields.DatetimeField(null=True)  # by the phone's clock: a claim
    evidence = optional_code(EvidenceKind, max_length=12)
    is_entered = fields.BooleanField(
        db_default=True
    )  # for a sealed report, waits for the hour; covered from then on

    class Meta:
        table = "manifest_line"
        unique_together = (("subject_id", "position"),)
        indexes = (("sha256",),)
