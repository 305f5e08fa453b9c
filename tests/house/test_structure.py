"""The house has rules; these tests keep them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from statuspage import env
from statuspage.kit import queues
from tooling import ROOT
from tooling.demo import COMMANDS

OURS = ("statuspage", "incidents", "subscribers", "notifications")
AUTHORED = [
    path
    for folder in (*OURS, "tests", "tooling", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
# One word for each thing (the README's list): these are the words we do not use for it.
BANNED = {"account", "workspace", "tenant", "component", "segment", "blast", "blocklist", "backend", "downtime", "sla"}

# Who may look across organizations, or write SQL the tenancy guard does not see. Each works for every tenant by nature.
ACROSS = {
    "incidents/moving.py",
    "notifications/addressing.py",
    "notifications/answering.py",
    "notifications/catching_up.py",
    "notifications/holding.py",
    "notifications/giving_notice.py",
    "notifications/keeping_quiet.py",
    "notifications/looking.py",
    "notifications/pending.py",
    "notifications/planning.py",
    "notifications/receipts.py",
    "notifications/releasing.py",
    "notifications/settling.py",
    "notifications/taking.py",
    "statuspage/backing_up.py",
    "statuspage/dispatching.py",
    "statuspage/kit/clock.py",
    "statuspage/kit/tenancy.py",
    "statuspage/management/commands/open_page.py",
    "statuspage/management/commands/reseal.py",
    "statuspage/measuring.py",
    "statuspage/organizations/access.py",
    "statuspage/organizations/admin.py",
    "statuspage/organizations/inviting.py",
    "statuspage/organizations/joining.py",
    "statuspage/organizations/tokens.py",
    "statuspage/organizations/vouching.py",
    "statuspage/pages/hosts.py",
    "statuspage/pages/proving.py",
    "statuspage/publishing.py",
    "subscribers/conversing.py",
    "subscribers/importing/",
}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_all_imports_point_downhill() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_authored_file_is_longer_than_350_lines() -> None:
    long = {relative(path): lines for path in AUTHORED if (lines := len(path.read_text().splitlines())) > 350}
    assert long == {}


def test_the_demo_starts_a_worker_for_every_queue() -> None:
    worked = {queue for command in COMMANDS.values() for queue in _queues(command)}
    assert worked == set(queues.ALL)


def _queues(command: str) -> list[str]:
    found = re.search(r"-Q (\S+)", command)
    return found.group(1).split(",") if found else []


def test_every_environment_variable_is_explained_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [variable.name for variable in env.VARIABLES if f"`{variable.name}`" not in readme] == []


def test_every_rule_that_is_named_is_explained() -> None:
    number = re.compile(r"\bR\d+\b")
    explained = set(number.findall((ROOT / "docs" / "rules.md").read_text()))
    assert {rule for path in AUTHORED for rule in number.findall(path.read_text())} == explained


def test_settings_are_read_from_the_environment_in_one_place_only() -> None:
    allowed = {"statuspage/env.py", "statuspage/celery.py", "statuspage/wsgi.py", "statuspage/front.py"}
    reading = [
        relative(path) for path in AUTHORED if path.parts[len(ROOT.parts)] in OURS and "os.environ" in path.read_text()
    ]
    assert set(reading) <= allowed


def test_only_listed_files_look_across_organizations_or_write_raw_sql() -> None:
    pattern = re.compile(r"across_organizations|scopes_disabled|connection\.cursor|\.raw\(|RawSQL|with_scopes_disabled")
    found = {
        relative(path) for path in AUTHORED if path.parts[len(ROOT.parts)] in OURS and pattern.search(path.read_text())
    }
    assert {path for path in found if not path.startswith(tuple(ACROSS))} == set()
    assert {known for known in ACROSS if not any(path.startswith(known) for path in found)} == set(), "listed in vain"


@pytest.mark.parametrize("app", (*OURS[1:], "organizations", "pages"))
def test_models_and_fields_use_our_words(app: str) -> None:
    names = {
        word
        for model in apps.get_app_config(app).get_models()
        for name in [model.__name__, *(field.name for field in model._meta.get_fields())]
        for word in re.split(r"_|(?<=[a-z])(?=[A-Z])", name.replace("__", "_"))
    }
    assert {name.lower() for name in names} & BANNED == set()


def test_addresses_use_our_words() -> None:
    names = {name for pattern in _patterns(get_resolver().url_patterns) for name in re.findall(r"[a-z]+", pattern)}
    assert names & (BANNED - {"account"}) == set()


def _patterns(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        text = prefix + str(pattern.pattern)
        if text.startswith(("admin/", "accounts/")):
            continue  # Django's and allauth's own
        if isinstance(pattern, URLResolver):
            found += _patterns(pattern.url_patterns, text)
        else:
            found.append(text)
    return found


@pytest.mark.parametrize("label", ["organizations", "pages", "incidents", "subscribers", "notifications", "kit"])
def test_migrations_are_a_line(label: str) -> None:
    folder = Path(apps.get_app_config(label).path) / "migrations"
    numbers = sorted(path.name[:4] for path in folder.glob("0*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_celery_delays_are_not_used() -> None:
    delayed = re.compile(r"(apply_async|send_task|retry)\([^)]*(eta|countdown)=")
    assert [
        relative(path) for path in AUTHORED if path.parts[len(ROOT.parts)] in OURS and delayed.search(path.read_text())
    ] == []


def test_time_is_asked_of_the_clock() -> None:
    asking = re.compile(r"timezone\.now|datetime\.now|datetime\.utcnow|auto_now")
    found = [
        relative(path) for path in AUTHORED if path.parts[len(ROOT.parts)] in OURS and asking.search(path.read_text())
    ]
    assert found == []


# RFC 8058's one click comes without a CSRF token: the signed link is the authority. Visitors are let in on a host that
# sets no cookie before: kit/origins.py asks the browser instead. The templates show `Update.html`, which
# kit/markdown.py sanitised when it was posted, and the introduction of a page, which it sanitises when drawn.
TRUSTED = {
    ("notifications/placeholders.py", "mark_safe"),
    ("notifications/hooks.py", "csrf_exempt"),
    ("statuspage/organizations/token_access.py", "csrf_exempt"),
    ("statuspage/pages/public.py", "csrf_exempt"),
    ("statuspage/public.py", "csrf_exempt"),
    ("subscribers/api.py", "csrf_exempt"),
    ("subscribers/hooks.py", "csrf_exempt"),
    ("subscribers/public.py", "csrf_exempt"),
    ("templates/console/incidents/_timeline.html", "autoescape off"),
    ("templates/messages/base/email/body.html", "autoescape off"),
    ("templates/public/intro.html", "autoescape off"),
    ("templates/public/updates.html", "autoescape off"),
}


def test_trust_is_granted_by_hand_only_where_it_was_reviewed() -> None:
    granting = re.compile(r"csrf_exempt|mark_safe|SafeString|\|safe\b|autoescape off")
    sources = [path for path in AUTHORED if path.parts[len(ROOT.parts)] in OURS]
    found = {
        (relative(path), word)
        for path in [*sources, *(ROOT / "templates").rglob("*.html")]
        for word in granting.findall(path.read_text())
    }
    assert found == TRUSTED
