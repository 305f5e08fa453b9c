"""The only table the kit has: the key of fingerprints, sealed."""

from django.db import models
from django.db.models import Q


class LastingKey(models.Model):
    """One row. It outlives RIPPLE_SECRET_KEY, under which it is sealed (sealing.py)."""

    is_only = models.BooleanField(primary_key=True, default=True)
    sealed = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(is_only=True), name="there_is_one_lasting_key")]
