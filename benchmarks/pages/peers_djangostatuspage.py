"""A whole Django project around the app djangostatuspage, copied into its throw-away environment and run there.

Run as a program it makes the tables, 20 systems and three open issues. Its documentation asks for no more than this.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

settings.configure(
    SECRET_KEY="for benchmarks only",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rest_framework", "djangostatuspage"],
    MIDDLEWARE=[],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3", "CONN_MAX_AGE": None}},
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
    USE_TZ=False,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)

# What PyPI has lacks the module of its settings; this is all that its views ask of it.
package = find_spec("djangostatuspage")
if package and package.submodule_search_locations:
    conf = Path(package.submodule_search_locations[0]) / "conf.py"
    if not conf.exists():
        conf.write_text('ui_template = "djangostatuspage/status_page.html"\n')

application = get_wsgi_application()
urlpatterns = [path("", include("djangostatuspage.urls"))]
MODELS = ("StatusPage", "System", "Issue")


def fill() -> None:
    call_command("migrate", verbosity=0)
    pages, systems, issues = (apps.get_model("djangostatuspage", name).objects for name in MODELS)
    page = pages.create(status_page_id="acme", name="Acme")
    for place in range(20):
        page.systems.add(systems.create(system_id=f"s{place}", name=f"Service {place}", rank=place))
    for place in range(3):
        issues.create(system_id=f"s{place}", title="Slow answers", severity="Degraded", status="Investigation")


if __name__ == "__main__":
    sys.modules["project"] = sys.modules[__name__]
    fill()
