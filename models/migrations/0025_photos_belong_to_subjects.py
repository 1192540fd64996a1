"""Ties photos to their subjects, not to persons; the same picture in two reports is two photos over the same bytes.

Unnamed photos are deleted after a day. The tables are rewritten because a dropped column stays in old rows.
"""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

from models.all_at_once import adding

NAMED = """
UPDATE photo SET subject_kind = named.subject_kind, subject_id = named.subject_id, unnamed_key = NULL
FROM (
    SELECT DISTINCT ON (p.id) p.id, l.subject_kind, l.subject_id FROM photo p
    JOIN manifest_line l ON l.owner_id = p.owner_id AND l.sha256 = p.sha256 ORDER BY p.id, l.subject_id
) AS named WHERE named.id = photo.id
"""
NAMED_TWICE = """
INSERT INTO photo (id, owner_id, subject_kind, subject_id, sha256, bytes, kind, key, state, refused_because,
    received_at, fingerprint, turn, time_outs, sealed_sha256)
SELECT gen_random_uuid(), p.owner_id, l.subject_kind, l.subject_id, p.sha256, p.bytes, p.kind, p.key, p.state,
    p.refused_because, p.received_at, p.fingerprint, p.turn, p.time_outs,
    p.sealed_sha256
FROM photo p JOIN (SELECT DISTINCT owner_id, sha256, subject_kind, subject_id FROM manifest_line) l
    ON l.owner_id = p.owner_id AND l.sha256 = p.sha256 AND l.subject_id <> p.subject_id
"""
THEIR_RENDITIONS = """
UPDATE rendition SET photo_id = other.id FROM photo first, photo other
WHERE rendition.photo_id = first.id AND other.owner_id = first.owner_id AND other.sha256 = first.sha256
    AND other.subject_id = rendition.subject_id AND other.id <> first.id
"""
THEIR_REDACTIONS = """
INSERT INTO redaction (id, photo_id, subject_id, edition, boxes, by_id, made_at)
SELECT gen_random_uuid(), other.id, r.subject_id, r.edition, r.boxes, r.by_id, r.made_at
FROM redaction r JOIN photo first ON first.id = r.photo_id
JOIN photo other ON other.owner_id = first.owner_id AND other.sha256 = first.sha256 AND other.id <> first.id
"""
UNNAMED = (
    "UPDATE photo SET unnamed_key = gen_random_uuid()::text WHERE subject_id IS NULL AND unnamed_key IS NULL"
)
WRITTEN_ANEW = [
    f"ALTER TABLE {table} ALTER COLUMN bytes TYPE integer USING bytes + 0"
    for table in ("photo", "manifest_line")
]
CHECKS = {
    "photo": {
        "photo_has_a_subject_or_waits_for_one": "(subject_id IS NULL) = (subject_kind IS NULL) "
        "AND (subject_id IS NULL) = (unnamed_key IS NOT NULL)"
    }
}


class Migration(migrations.Migration):
    dependencies = [("models", "0024_rows_that_are_nobodys_evidence")]

    initial = False

    operations = [
        ops.RemoveConstraint(model_name="Photo", name=None, fields=["owner_id", "sha256"]),
        ops.AddField(model_name="Photo", name="subject_id", field=fields.UUIDField(null=True)),
        ops.AddField(
            model_name="Photo", name="subject_kind", field=fields.CharField(null=True, max_length=30)
        ),
        ops.RunSQL([NAMED, NAMED_TWICE, THEIR_RENDITIONS, THEIR_REDACTIONS, UNNAMED], reverse_sql=""),
        ops.RemoveIndex(model_name="ManifestLine", name=None, fields=["owner_id", "sha256"]),
        ops.AlterModelOptions(
            name="ManifestLine",
            options={
                "table": "manifest_line",
                "app": "models",
                "unique_together": (("subject_id", "position"),),
                "indexes": [Index(fields=["sha256"])],
                "pk_attr": "id",
                "table_description": "One photo that a deed announced by its digest, of a report or of evidence.",
            },
        ),
        ops.RemoveField(model_name="ManifestLine", name="owner"),
        ops.AddIndex(model_name="ManifestLine", index=Index(fields=["sha256"])),
        ops.RemoveIndex(model_name="Photo", name=None, fields=["unnamed_key"]),
        ops.AlterModelOptions(
            name="Photo",
            options={
                "table": "photo",
                "app": "models",
                "unique_together": (("subject_id", "sha256"), ("unnamed_key", "sha256")),
                "indexes": [Index(fields=["sha256"]), Index(fields=["key"])],
                "pk_attr": "id",
                "table_description": "A picture that proves its subject, a report or a piece of evidence: its original is sealed and never served.",
            },
        ),
        ops.RemoveField(model_name="Photo", name="owner"),
        ops.AddIndex(model_name="Photo", index=Index(fields=["key"])),
        ops.AddConstraint(
            model_name="Photo", constraint=UniqueConstraint(fields=("subject_id", "sha256"), name=None)
        ),
        ops.AddConstraint(
            model_name="Photo", constraint=UniqueConstraint(fields=("unnamed_key", "sha256"), name=None)
        ),
        ops.RunSQL([*WRITTEN_ANEW, *adding(CHECKS)], reverse_sql=""),
    ]
