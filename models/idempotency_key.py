"""Outcomes of commands with a key, so that a retry is answered and does nothing."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class IdempotencyKey(Model):
    """One action under a key of the phone's own, for seven days. Without the server's keys it tells of nobody.

    `scope` is a keyed hash of person, route and key, `print` one of the body; `answer_sealed` holds what was done, of
    which the answer is made.
    """

    scope = fields.CharField(max_length=64, primary_key=True)
    print = fields.CharField(max_length=64)
    answer_sealed = fields.TextField(default="")
    made_on = fields.DateField()

    class Meta:
        table = "idempotency_key"
        indexes = (("made_on",),)
