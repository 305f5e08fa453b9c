"""Words for inner eyes."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.models.update import Update
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization
from statuspage.organizations.plan import PlanRing


class Note(models.Model):
    """Readable by line rings up to `up_to_position` (that ring and all further in), and by the named side rings."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    update_row = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="notes", db_constraint=False)
    up_to_position = models.PositiveSmallIntegerField(null=True)
    side_rings = ArrayField(models.SlugField(max_length=40), default=list)
    body = models.TextField()

    objects = TenantManager["Note"]()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(up_to_position__isnull=False) | ~Q(side_rings=[]), name="a_note_has_readers"
            ),
        ]

    def may_be_read_by(self, ring: PlanRing) -> bool:
        """`ring` comes from the plan frozen on the incident. Open rings read no notes, whatever their position."""
        if ring.is_open:
            return False
        if ring.position is None:
            return ring.key in self.side_rings
        return self.up_to_position is not None and ring.position <= self.up_to_position

    def addressee(self, rings: Iterable[PlanRing]) -> str:
        """Whom it was written for: the outermost line ring that may read it, or the side rings."""
        named = [ring.name for ring in rings if ring.key in self.side_rings]
        outermost = [ring.name for ring in rings if ring.position is not None and ring.position == self.up_to_position]
        return ", ".join([*outermost, *named])


def readable_by(ring: PlanRing, notes: Iterable[Note]) -> list[Note]:
    return [note for note in notes if note.may_be_read_by(ring)]
