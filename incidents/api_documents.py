"""What programs written for Statuspage read, at the addresses and with the keys they know. See docs/api.md."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from incidents.compatible import incident_json, maintenance_json, status_json
from incidents.public_record import PublicIncident
from incidents.record import Record
from statuspage.pages import compatible
from statuspage.pages.board import Board
from statuspage.pages.compatible import Json
from statuspage.pages.store import Document

Answer = dict[str, object]


def offer(board: Board, record: Record) -> Iterator[Document]:
    """All of it stands below api/v2/."""
    telling = Telling(board, record.for_everybody())
    for name, answer in telling.answers().items():
        yield Document(f"api/v2/{name}.json", partial(telling.encode, answer))


@dataclass(frozen=True)
class Telling:
    """The answers. What several of them hold is put together once."""

    board: Board
    record: Record

    def answers(self) -> dict[str, Callable[[], Answer]]:
        record = self.record
        return {
            "summary": self.summary,
            "status": lambda: {"status": self.status},
            "components": lambda: {"components": self.components},
            "incidents": lambda: {"incidents": self.of(record.incidents)},
            "incidents/unresolved": lambda: {"incidents": self.of(record.open_incidents)},
            "incidents/resolved": lambda: {"incidents": self.of(record.resolved_incidents)},
            "scheduled-maintenances": lambda: {"scheduled_maintenances": self.of(record.maintenance)},
            "scheduled-maintenances/upcoming": lambda: {"scheduled_maintenances": self.of(record.ahead)},
            "scheduled-maintenances/active": lambda: {"scheduled_maintenances": self.of(record.works)},
        }

    def encode(self, answer: Callable[[], Answer]) -> bytes:
        return compatible.encode({"page": self.page, **answer()})

    def summary(self) -> Answer:
        return {
            "components": self.components,
            "incidents": self.of(self.record.open_incidents),
            "scheduled_maintenances": self.of([*self.record.works, *self.record.ahead]),
            "status": self.status,
        }

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
        return [self._told[incident.public_id] for incident in incidents]

    @cached_property
    def _told(self) -> dict[str, Json]:
        rows = {row["id"]: row for row in self.components}
        return {
            incident.public_id: (maintenance_json if incident.is_maintenance else incident_json)(
                incident, self.board, rows
            )
            for incident in self.record.known
        }
