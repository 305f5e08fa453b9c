"""What lets a program act for an organization. Only a hash is kept: who reads the table cannot use it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models.tenant import Organization, User


class Scope(models.TextChoices):
    """What a program may do. A token has some of these, and never more than whoever made it."""

    READ_PEOPLE = "people:read", "Read people and rings"
    WRITE_PEOPLE = "people:write", "Add, change and remove people"


class ApiToken(models.Model):
    """`digest` is the SHA-256 of the token, which has 256 bits of chance and needs no salt."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_tokens")
    public_id = PublicIdField()
    name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=ClockNow())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = TenantManager["ApiToken"]()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="a_token_lets_do_something"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="a_token_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permissions(self) -> list[str]:
        return [Scope(scope).label for scope in self.scopes]
