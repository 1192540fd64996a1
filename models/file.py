"""Files: documents under the hash of their bytes, announced by a record and received in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import FileKind

if TYPE_CHECKING:
    from models.person import Person


class FileArrival(Model):
    """That a person sent a file: its bytes lie sealed under their hash, and nobody reads them but those who may."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    sha256 = fields.CharField(max_length=64)
    bytes = fields.IntField()
    kind = fields.CharEnumField(FileKind, max_length=8)  # found by its content
    key = fields.CharField(max_length=120)
    is_scanned = fields.BooleanField()  # a virus scanner found nothing; false where none is set up
    sent_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="files_sent", on_delete=fields.RESTRICT
    )
    received_at = fields.DatetimeField()

    sent_by_id: UUID

    class Meta:
        table = "file_arrival"
        unique_together = (("sent_by_id", "sha256"),)
        indexes = (("sha256",), ("received_at",))


class FileLine(Model):
    """A file that a record announces; it is here once its announcer has sent bytes with this hash."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    subject_kind = fields.CharField(max_length=30)
    subject_id: UUID = fields.UUIDField()
    position = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    bytes = fields.IntField()
    name = fields.CharField(max_length=120)
    announced_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="files_announced", on_delete=fields.RESTRICT
    )
    announced_at = fields.DatetimeField()

    announced_by_id: UUID

    class Meta:
        table = "file_line"
        unique_together = (("subject_id", "position"), ("subject_id", "sha256"))
        indexes = (("announced_by_id", "sha256"),)
