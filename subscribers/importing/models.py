"""A file being taken in, its pieces, and its lines before they become people (see the package's own words)."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, User
from statuspage.pages.models import Page
from subscribers.importing.columns import STATUSPAGE, Columns
from subscribers.importing.problems import Problem

KEPT_FOR = timedelta(days=30)
"""What was rejected, so that it can be mended and brought again."""
WAITS_FOR = timedelta(days=7)
"""For somebody to say yes. Then the file is forgotten: it is personal data that nobody uses."""


class ImportState(models.TextChoices):
    READING = "reading", "Reading the file"
    CHECKING = "checking", "Comparing with whom you have"
    READY = "ready", "Waiting for you"
    APPLYING = "applying", "Adding people"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"

    @property
    def is_working(self) -> bool:
        return self in WORKING

    @property
    def is_over(self) -> bool:
        return self in {ImportState.DONE, ImportState.DROPPED}


WORKING = (ImportState.READING, ImportState.CHECKING, ImportState.APPLYING)
UNDER_WAY = (*WORKING, ImportState.READY)


class Consent(models.TextChoices):
    """How these people agreed to be written to. Whoever begins the import answers for it."""

    ATTESTED = "attested", "They agreed already, and I answer for it"
    UNCONFIRMED = "unconfirmed", "I do not know: ask each once by e-mail, and write to those who confirm"


class ImportFile(models.Model):
    """A file of people. Counts are of rows: those seen, and what became of those that were applied.

    The last four are of e-mail addresses whose owners did not agree before: how many are to be asked, have been, have
    said yes, and were asked so lately by another import that they are left in peace.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="import_files", db_constraint=False
    )
    public_id = PublicIdField()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)
    encoding = models.CharField(max_length=20, blank=True)
    was = models.CharField(max_length=20, blank=True)
    columns = models.JSONField(default=dict)
    header_lines = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    pieces_in_all = models.PositiveIntegerField(default=0)
    pieces_done = models.PositiveIntegerField(default=0)
    rows_seen = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    foreseen = models.JSONField(default=dict)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    to_ask = models.PositiveIntegerField(default=0, db_default=0)
    asked = models.PositiveIntegerField(default=0, db_default=0)
    said_yes = models.PositiveIntegerField(default=0, db_default=0)
    asked_before = models.PositiveIntegerField(default=0, db_default=0)
    consent = models.CharField(max_length=12, choices=Consent.choices, blank=True)
    consent_words = models.TextField(blank=True)
    agreed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=ClockNow())
    ended_at = models.DateTimeField(null=True)
    is_report_kept = models.BooleanField(default=True)

    objects = TenantManager["ImportFile"]()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "organization", condition=Q(state__in=UNDER_WAY), name="one_import_at_a_time_per_organization"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["applying", "done"]) | ~Q(consent=""), name="nobody_is_added_without_consent"
            ),
        ]
        indexes = [models.Index("id", condition=Q(state__in=WORKING), name="imports_to_go_on_with")]

    def __str__(self) -> str:
        return self.name

    @property
    def stage(self) -> ImportState:
        return ImportState(self.state)

    @property
    def found(self) -> Columns:
        return Columns.from_json(self.columns)

    @property
    def source(self) -> str:
        return STATUSPAGE if self.found.is_of_statuspage else "CSV"

    @property
    def percent(self) -> int:
        return self.pieces_done * 100 // max(1, self.pieces_in_all)

    @property
    def is_asking(self) -> bool:
        """Letters to its people are still to leave."""
        return self.asked < self.to_ask

    @property
    def percent_asked(self) -> int:
        return self.asked * 100 // max(1, self.to_ask)

    @property
    def applied(self) -> int:
        return self.added + self.changed + self.unchanged

    @property
    def accepted(self) -> int:
        return self.rows_seen - self.rejected


class ImportPiece(models.Model):
    """A range of lines that one worker takes at a time. `body` is what they say, until it is read."""

    pk = models.CompositePrimaryKey("file_id", "number")
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    body = models.BinaryField()
    is_read = models.BooleanField(default=False)
    is_applied = models.BooleanField(default=False)


class ImportLine(models.Model):
    """One address of a row, or what is wrong with the row. A million of these are ordinary: no foreign keys.

    `public_id` is the new person's, if one has to be made. `services` NULL: everything.
    """

    pk = models.CompositePrimaryKey("file_id", "line", "channel")
    file_id = models.BigIntegerField()
    line = models.PositiveIntegerField()
    channel = models.CharField(max_length=16)
    value = models.CharField(max_length=2000)
    normalised = models.CharField(max_length=2000, db_collation="C")
    fingerprint = models.BinaryField(max_length=32)
    public_id = models.CharField(max_length=12)
    name = models.CharField(max_length=100)
    ring_id = models.BigIntegerField(null=True)
    services = ArrayField(models.BigIntegerField(), null=True)
    language = models.CharField(max_length=10)
    zone = models.CharField(max_length=40)
    since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=12)
    cell = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index("file_id", "line", condition=~Q(problem=""), name="rejected_lines")]

    @property
    def what(self) -> Problem:
        return Problem(self.problem)


class QuestionQuerySet(models.QuerySet["Question"]):
    def say_yes(self, now: datetime) -> None:
        """Their owners confirmed, by our letter or by signing up themselves. Twice is once."""
        unanswered = self.filter(said_yes_at=None)
        for file_id in unanswered.values_list("file_id", flat=True):
            ImportFile.objects.filter(pk=file_id).update(said_yes=F("said_yes") + 1)
        unanswered.update(said_yes_at=now)


QuestionManager = TenantManager.from_queryset(QuestionQuerySet)


class Question(models.Model):
    """Whoever was imported without having agreed is asked, once, whether they want to be written to.

    It is the queue: while `asked_at` is empty, the letter is still to be written. It outlives the address, which is
    forgotten when nobody says yes: `fingerprint` stands for it then, so that a second import does not ask again.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    fingerprint = models.BinaryField(max_length=32)
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="questions", db_constraint=False)
    address = models.ForeignKey(
        "subscribers.Address", on_delete=models.SET_NULL, null=True, related_name="questions", db_constraint=False
    )
    asked_at = models.DateTimeField(null=True)
    said_yes_at = models.DateTimeField(null=True)

    objects = QuestionManager()

    class Meta:
        constraints = [models.UniqueConstraint("organization", "fingerprint", name="one_question_per_address")]
        indexes = [
            models.Index("organization", "id", condition=Q(asked_at=None), name="questions_to_be_asked"),
            models.Index("asked_at", name="questions_by_age"),
            models.Index(
                "asked_at", condition=Q(address__isnull=False, said_yes_at=None), name="questions_without_an_answer"
            ),
        ]
