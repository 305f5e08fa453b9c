"""A preview that is drawn while an update comes in shows what would be told after it, and is no error."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from incidents.models import Incident
from statuspage.kit.tenancy import scope
from tests.console.browsing import enter, forms_in
from tests.makers import Cast, open_incident, outage, post

ROOM = "/o/acme/incidents/1/"


def test_the_preview_is_of_what_follows_the_newest_update(transactional_db: None, acme: Cast) -> None:
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    commander = enter(acme.commander)
    form = forms_in(commander.get(ROOM).content.decode())[f"{ROOM}updates/"]

    preview = while_somebody_posts(acme, incident, lambda: ask(commander, form | {"body": "It is the gateway."}))

    assert "It is the gateway." in preview
    assert Incident.objects.get().last_number == 2, "only what was posted is there"


def ask(client: Client, form: dict[str, Any]) -> str:
    answer = client.post(f"{ROOM}preview/", form)
    assert answer.status_code == 200
    return answer.content.decode()


def while_somebody_posts(acme: Cast, incident: Incident, act: Callable[[], str]) -> str:
    """On another connection, just before the incident's row is locked."""
    threads: list[threading.Thread] = []

    def post_meanwhile() -> None:
        with scope(organization=acme.organization):
            post(acme, incident, "We know more.")
        connection.close()

    def watch(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if not threads and "FOR NO KEY UPDATE" in sql:
            threads.append(threading.Thread(target=post_meanwhile))
            threads[0].start()
            threads[0].join()
        return execute(sql, *arguments)

    with connection.execute_wrapper(watch):
        found = act()
    assert threads, "the row was locked"
    return found
