"""Everything a page may tell of its incidents and maintenance, read once for all that is published about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from incidents.public_record import Brief, PublicIncident, read_briefs, read_in_full
from incidents.words import IncidentStatus
from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.documents import Wants, frame_of

RECENT = 50
"""As many incidents, and as many maintenances, are told in full wherever "the most recent" are asked for."""


@dataclass(frozen=True, slots=True)
class Record:
    """All in brief, in full what is open, recent or asked for. Latest beginning first, unless said otherwise."""

    briefs: Sequence[Brief]
    in_full: Mapping[str, PublicIncident]

    @property
    def known(self) -> list[PublicIncident]:
        return [self.in_full[brief.public_id] for brief in self.briefs if brief.public_id in self.in_full]

    @property
    def incidents(self) -> list[PublicIncident]:
        """The most recent, open or not."""
        return [incident for incident in self.known if not incident.is_maintenance][:RECENT]

    @property
    def resolved_incidents(self) -> list[PublicIncident]:
        found = [incident for incident in self.known if not incident.is_maintenance and not incident.is_open]
        return found[:RECENT]

    @property
    def open_incidents(self) -> list[PublicIncident]:
        return [incident for incident in self.known if incident.is_open and not incident.is_maintenance]

    @property
    def maintenance(self) -> list[PublicIncident]:
        """The most recent, to come, going on or over."""
        return [incident for incident in self.known if incident.is_maintenance][:RECENT]

    @property
    def works(self) -> list[PublicIncident]:
        """Maintenance going on, the one that ends first first."""
        found = [one for one in self._open_maintenance if one.status is not IncidentStatus.SCHEDULED]
        return sorted(found, key=lambda work: work.scheduled_until or work.began_at)

    @property
    def ahead(self) -> list[PublicIncident]:
        """Maintenance to come, the next one first."""
        found = [one for one in self._open_maintenance if one.status is IncidentStatus.SCHEDULED]
        return sorted(found, key=lambda work: work.began_at)

    @property
    def _open_maintenance(self) -> list[PublicIncident]:
        return [incident for incident in self.known if incident.is_open and incident.is_maintenance]

    def for_everybody(self) -> "Record":
        """Without what only inner eyes read: for documents whose form has no place for it."""
        said = {public_id: _as_said(incident) for public_id, incident in self.in_full.items()}
        return Record(self.briefs, {public_id: incident for public_id, incident in said.items() if incident.updates})


def _as_said(incident: PublicIncident) -> PublicIncident:
    return replace(incident, updates=tuple(update for update in incident.updates if update.body))


def read_record(board: Board, wants: Wants) -> Record:
    """Call in the organization's scope, in the transaction that `board` was read in."""
    briefs = read_briefs(board)
    wanted = {brief.public_id for brief in briefs if brief.is_open}
    for kind in (True, False):
        recent = [brief.public_id for brief in briefs if brief.is_maintenance is kind and not brief.is_open]
        wanted.update(recent[:RECENT])
    wanted.update(_asked_for(board, briefs, wants))
    in_full = read_in_full(board, [brief for brief in briefs if brief.public_id in wanted])
    return Record(briefs, {incident.public_id: incident for incident in in_full})


def _asked_for(board: Board, briefs: Sequence[Brief], wants: Wants) -> Iterator[str]:
    for edition in board.editions():
        frame = frame_of(edition)
        for brief in briefs:
            if wants(edition.name(brief.path), page_is_made_of(brief, frame)):
                yield brief.public_id


def page_is_made_of(brief: Brief, frame: str) -> str:
    """What is open says how late it is, and is drawn every time."""
    return "" if brief.is_open else digest(frame, brief)
