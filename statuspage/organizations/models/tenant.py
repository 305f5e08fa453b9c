"""Who we work for: organizations, and the people who may act in them."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """The login row. What somebody may do stands in their `Member` rows, one per organization."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    date_joined = models.DateTimeField(db_default=ClockNow())

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="emails_are_lower_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.email


def usual_countries() -> list[str]:
    return ["AT", "AU", "BE", "CA", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IT", "NL", "NO", "NZ", "SE", "US"]


class Organization(models.Model):
    """A tenant."""

    public_id = PublicIdField()
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    sms_countries = ArrayField(
        models.CharField(max_length=2),
        default=usual_countries,
        db_default=usual_countries(),
        help_text="ISO codes of the countries whose numbers may sign up for SMS",
    )
    most_sms_a_day = models.PositiveIntegerField(
        default=1000, db_default=1000, help_text="Segments a day for those who signed up; inner rings are not counted"
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    def __str__(self) -> str:
        return self.name

    def console_url(self, route: str, **ids: object) -> str:
        """For letters, and from the hosts of pages: where members find this in the console, by the route's name."""
        path = reverse(route, settings.ROOT_URLCONF, kwargs={"organization": self.slug, **ids})
        return f"{settings.CONSOLE_URL}{path}"


class Role(models.TextChoices):
    """What a member may do, strongest first."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    COMMANDER = "commander", "Commander"
    RESPONDER = "responder", "Responder"
    VIEWER = "viewer", "Viewer"

    @property
    def may_post(self) -> bool:
        """Open incidents, post updates, change severity, resolve."""
        return self in {Role.OWNER, Role.ADMIN, Role.COMMANDER, Role.RESPONDER}

    @property
    def may_edit_setup(self) -> bool:
        """Services, pages, rings, people, the plan."""
        return self in {Role.OWNER, Role.ADMIN}

    @property
    def does(self) -> str:
        """What they may do, for whoever chooses one."""
        return _DOES[self]

    def may_give(self, role: "Role") -> bool:
        """Whether whoever is this may make somebody that, or anything else of them: never above oneself."""
        strongest_first = list(Role)
        return self.may_edit_setup and strongest_first.index(self) <= strongest_first.index(role)


_DOES = {
    Role.OWNER: "Everything, and makes other people owners.",
    Role.ADMIN: "Everything but owners: services, pages, people, members and the plan.",
    Role.COMMANDER: "Opens incidents, leads them, and posts updates.",
    Role.RESPONDER: "Opens incidents and posts updates.",
    Role.VIEWER: "Reads everything, changes nothing.",
}


class Member(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["Member"]()

    class Meta:
        constraints = [models.UniqueConstraint("organization", "user", name="one_membership_per_user_and_organization")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def may_post(self) -> bool:
        return Role(self.role).may_post

    @property
    def may_edit_setup(self) -> bool:
        return Role(self.role).may_edit_setup
