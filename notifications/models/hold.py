"""The hold switch of the whole installation: while a hold stands, nothing is handed over to anybody."""

from django.db import models
from django.db.models import Q

from statuspage.organizations.models import User


class Hold(models.Model):
    """One row for each time nothing was to leave. Wall time. `by` None: the command line, or Ripple itself.

    R13's hold of one ring is something else, and a matter of its organization.
    """

    since_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=200)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "released_at", condition=Q(released_at=None), nulls_distinct=False, name="one_hold_at_a_time"
            )
        ]


class Installation(models.Model):
    """The one row that knows which database it was written in.

    A backup carries it along. Where it no longer agrees with `database_identity()`, this database was restored or
    copied, and nothing may leave before somebody has looked: what it believes is still to be sent may have been sent.
    """

    is_only = models.BooleanField(primary_key=True, default=True)
    identity = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(is_only=True), name="there_is_one_installation")]
