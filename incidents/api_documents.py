"""What programs written for Statuspage read, at the addresses and with the keys they know. See docs/api.md."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from incidents.compatible import incident_json, maintenance_json, status_json
from incidents.public_record import PublicIncident
from incidents.record import Record
from statuspage.pages import compatible
from statuspage.pages.board import Board
from statuspage.pages.compatible import Json
from statuspage.pages.store import Document

Answer = dict[str, object]
WATCHED = {"summary", "status"}


def offer(board: Board, record: Record) -> Iterator[Document]:
    """All of it stands below api/v2/."""
    telling = Telling(board, record.for_everybody())
    for name, answer in ANSWERS.items():
        yield Document(f"api/v2/{name}.json", partial(_draw, telling, answer), is_watched=name in WATCHED)


@dataclass(frozen=True)
class Telling:
    """What several answers hold, put together once."""

    board: Board
    record: Record
    _told: dict[str, Json] = field(default_factory=dict)

    @cached_property
    def page(self) -> Json:
        return compatible.page_json(self.board)

    @cached_property
    def status(self) -> Json:
        return status_json(self.board, self.record.open_incidents)

    @cached_property
    def components(self) -> list[Json]:
        return compatible.components_json(self.board)

    def of(self, incidents: Sequence[PublicIncident]) -> list[Json]:
        return [self._tell(incident) for incident in incidents]

    def _tell(self, incident: PublicIncident) -> Json:
        told = self._told.get(incident.public_id)
        if told is None:
            tell = maintenance_json if incident.is_maintenance else incident_json
            told = self._told[incident.public_id] = tell(incident, self.board, self._rows)
        return told

    @cached_property
    def _rows(self) -> dict[str, Json]:
        return {row["id"]: row for row in self.components}


def _draw(telling: Telling, answer: Callable[[Telling], Answer]) -> bytes:
    return compatible.encode({"page": telling.page, **answer(telling)})


def _summary(telling: Telling) -> Answer:
    record = telling.record
    return {
        "components": telling.components,
        "incidents": telling.of(record.open_incidents),
        "scheduled_maintenances": telling.of([*record.works, *record.ahead]),
        "status": telling.status,
    }


ANSWERS: dict[str, Callable[[Telling], Answer]] = {
    "summary": _summary,
    "status": lambda telling: {"status": telling.status},
    "components": lambda telling: {"components": telling.components},
    "incidents": lambda telling: {"incidents": telling.of(telling.record.incidents)},
    "incidents/unresolved": lambda telling: {"incidents": telling.of(telling.record.open_incidents)},
    "incidents/resolved": lambda telling: {"incidents": telling.of(telling.record.resolved_incidents)},
    "scheduled-maintenances": lambda telling: {"scheduled_maintenances": telling.of(telling.record.maintenance)},
    "scheduled-maintenances/upcoming": lambda telling: {"scheduled_maintenances": telling.of(telling.record.ahead)},
    "scheduled-maintenances/active": lambda telling: {"scheduled_maintenances": telling.of(telling.record.works)},
}
