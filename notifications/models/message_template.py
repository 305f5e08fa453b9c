"""A tenant's own words for one kind of message, to one ring or to every ring, by one channel, in one language."""

from django.db import models
from django.db.models import Q

from statuspage.kit.clock import ClockNow
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, Ring, User
from statuspage.organizations.plan import Channel
from statuspage.pages.languages import LANGUAGES


class MessageTemplate(models.Model):
    """What `subject` and `body` may hold stands in own_words.py. `ring` empty: every ring that has none of its own.

    Read at release and never afterwards: what was released keeps its words.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    ring = models.ForeignKey(
        Ring, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_constraint=False
    )
    channel = models.CharField(
        max_length=16, choices=[(channel.value, channel.label) for channel in Channel.for_people()]
    )
    language = models.CharField(max_length=10, choices=LANGUAGES)
    subject = models.TextField(blank=True)
    body = models.TextField()
    changed_at = models.DateTimeField(db_default=ClockNow())
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = TenantManager["MessageTemplate"]()

    class Meta:
        ordering = ["kind", "ring__position", "channel", "language"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "kind",
                "ring",
                "channel",
                "language",
                name="one_wording_per_kind_ring_channel_and_language",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=~Q(body=""), name="own_words_are_words"),
            models.CheckConstraint(
                condition=Q(channel="email") & ~Q(subject="") | Q(channel="sms", subject=""),
                name="a_mail_has_a_subject_and_an_sms_has_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.ring or 'every ring'}, {self.channel}, {self.language}"
