"""The Celery application. Tasks stand in each app's tasks.py and are one line of calling."""

import os
from typing import TYPE_CHECKING, Any

import celery
from celery.signals import setup_logging
from django.db import close_old_connections

from statuspage.kit import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
# A worker answers no address: Django's checks would load the console and every form only to look at them. They are made
# by `manage.py`, before anything is started.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")


if TYPE_CHECKING:
    PlainTask = celery.Task[..., Any]
else:
    PlainTask = celery.Task


class Task(PlainTask):
    """Its log lines carry its own id, and that of the request which began it all.

    The database's connection is kept between tasks, as it is between requests, and looked at before it is used again.
    """

    def __call__(self, *args: Any, **options: Any) -> Any:
        if not self.request.called_directly:
            close_old_connections()
        with logs.bound(task=self.request.id, woken_by=self.request.get("woken_by")):
            return super().__call__(*args, **options)


@setup_logging.connect
def leave_logging_alone(**_options: object) -> None:
    """A worker's lines are written as everybody's (settings.LOGGING). Celery would silence what is not a warning."""


app = celery.Celery("statuspage", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["statuspage"], related_name="tasks")
