"""The staged lines of a file are looked at together: what no row can know of by itself."""

from typing import Any

from django.db import connection
from django.db.models import Count

from subscribers.importing.models import ImportFile, ImportLine, ImportState
from subscribers.importing.problems import Problem

MOST_DOMAINS = 10
MEMORY = "128MB"
"""So much the database may take for it: a million addresses are compared without writing them to the disk."""

# An address belongs to the first row that names it; a row whose address stands in an earlier one counts for nothing.
_TWICE = """
    WITH first AS (
        SELECT fingerprint, min(line) AS line FROM subscribers_importline WHERE file_id = %(file)s AND problem = ''
        GROUP BY fingerprint HAVING count(*) > 1
    ), again AS (
        SELECT s.line, min(s.value) AS value FROM subscribers_importline s JOIN first USING (fingerprint)
        WHERE s.file_id = %(file)s AND s.problem = '' AND s.line > first.line GROUP BY s.line
    )
    UPDATE subscribers_importline l SET problem = %(problem)s, cell = left(again.value, 100)
    FROM again WHERE l.file_id = %(file)s AND l.line = again.line
"""
_SUPPRESSED = """
    UPDATE subscribers_importline l SET problem = %(problem)s, cell = left(barred.value, 100)
    FROM (SELECT s.line, s.value FROM subscribers_importline s JOIN subscribers_suppression p
          ON p.organization_id = %(organization)s AND p.channel = s.channel AND p.fingerprint = s.fingerprint
          WHERE s.file_id = %(file)s AND s.problem = '') barred
    WHERE l.file_id = %(file)s AND l.line = barred.line
"""
_KNOWN = """
    FROM subscribers_importline s JOIN subscribers_address a
      ON a.organization_id = %(organization)s AND a.channel = s.channel AND a.normalised = s.normalised
    WHERE s.file_id = %(file)s AND s.problem = ''
"""
_TWO_PEOPLE = f"""
    UPDATE subscribers_importline l SET problem = %(problem)s, cell = left(mixed.value, 100)
    FROM (SELECT s.line, min(s.value) AS value {_KNOWN} GROUP BY s.line
          HAVING count(DISTINCT a.person_id) > 1) mixed
    WHERE l.file_id = %(file)s AND l.line = mixed.line
"""  # noqa: S608 - fixed text, values are parameters
_COUNT_KNOWN = f"SELECT count(DISTINCT s.line) {_KNOWN}"
_DOMAINS = """
    SELECT split_part(normalised, '@', 2) AS domain, count(*) AS rows FROM subscribers_importline
    WHERE file_id = %(file)s AND problem = '' AND channel = 'email' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""


def check(file: ImportFile) -> None:
    """In one transaction, under the lock of `file`, in the scope of its organization."""
    rows: dict[str, Any] = {"file": file.pk, "organization": file.organization_id, "most": MOST_DOMAINS}
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        # Millions of rows that were not there a moment ago: these lines, and those of an import that has just ended.
        cursor.execute("ANALYZE subscribers_importline, subscribers_address, subscribers_suppression")
        for problem, sql in (
            (Problem.TWICE, _TWICE),
            (Problem.SUPPRESSED, _SUPPRESSED),
            (Problem.TWO_PEOPLE, _TWO_PEOPLE),
        ):
            cursor.execute(sql, rows | {"problem": problem.value})
        cursor.execute(_COUNT_KNOWN, rows)
        (known,) = cursor.fetchone()
        cursor.execute(_DOMAINS, rows)
        domains = cursor.fetchall()
    problems = problems_of(file)
    ImportFile.objects.filter(pk=file.pk).update(
        state=ImportState.READY,
        pieces_done=0,
        rejected=sum(problems.values()),
        foreseen={"known": known, "problems": problems, "domains": domains},
    )


def problems_of(file: ImportFile) -> dict[str, int]:
    """How many rows were rejected for what, the most frequent first."""
    rejected = ImportLine.objects.filter(file_id=file.pk).exclude(problem="")
    counted = rejected.values_list("problem").annotate(rows=Count("line", distinct=True)).order_by("-rows", "problem")
    return dict(counted)
