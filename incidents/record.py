"""Everything a page may tell of its incidents and maintenance, read once for all that is published about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from incidents.histories import Archive, Month, archives_of, months_of
from incidents.public_record import Brief, PublicIncident, read_briefs, read_in_full
from incidents.words import IncidentStatus
from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.documents import Wants, frame_of

OWN_KEPT = 50_000
RECENT = 50
"""As many incidents, and as many maintenances, are told in full wherever "the most recent" are asked for."""


@dataclass(frozen=True)
class Record:
    """All in brief, in full what is open, recent or asked for. Latest beginning first, unless said otherwise."""

    briefs: Sequence[Brief]
    months: Sequence[Month]
    in_full: Mapping[str, PublicIncident]

    @cached_property
    def known(self) -> list[PublicIncident]:
        return [self.in_full[brief.public_id] for brief in self.briefs if brief.public_id in self.in_full]

    @cached_property
    def incidents(self) -> list[PublicIncident]:
        """The most recent, open or not."""
        return [incident for incident in self.known if not incident.is_maintenance][:RECENT]

    @cached_property
    def resolved_incidents(self) -> list[PublicIncident]:
        found = [incident for incident in self.known if not incident.is_maintenance and not incident.is_open]
        return found[:RECENT]

    @cached_property
    def open_incidents(self) -> list[PublicIncident]:
        return [incident for incident in self.known if incident.is_open and not incident.is_maintenance]

    @cached_property
    def maintenance(self) -> list[PublicIncident]:
        """The most recent, to come, going on or over."""
        return [incident for incident in self.known if incident.is_maintenance][:RECENT]

    @cached_property
    def works(self) -> list[PublicIncident]:
        """Maintenance going on, the one that ends first first."""
        found = [one for one in self._open_maintenance if one.status is not IncidentStatus.SCHEDULED]
        return sorted(found, key=lambda work: work.scheduled_until or work.began_at)

    @cached_property
    def ahead(self) -> list[PublicIncident]:
        """Maintenance to come, the next one first."""
        found = [one for one in self._open_maintenance if one.status is IncidentStatus.SCHEDULED]
        return sorted(found, key=lambda work: work.began_at)

    @cached_property
    def _open_maintenance(self) -> list[PublicIncident]:
        return [incident for incident in self.known if incident.is_open and incident.is_maintenance]

    def for_everybody(self) -> "Record":
        """Without what only inner eyes read: for documents whose form has no place for it."""
        said = {public_id: _as_said(incident) for public_id, incident in self.in_full.items()}
        return replace(self, in_full={public_id: one for public_id, one in said.items() if one.updates})


def _as_said(incident: PublicIncident) -> PublicIncident:
    if all(update.body for update in incident.updates):
        return incident
    return replace(incident, updates=tuple(update for update in incident.updates if update.body))


def read_record(board: Board, wants: Wants) -> Record:
    """Call in the organization's scope, in the transaction that `board` was read in."""
    briefs = read_briefs(board)
    months = months_of(briefs, board)
    wanted = {brief.public_id for brief in briefs if brief.is_open}
    for kind in (True, False):
        recent = [brief.public_id for brief in briefs if brief.is_maintenance is kind and not brief.is_open]
        wanted.update(recent[:RECENT])
    wanted.update(_asked_for(board, briefs, months, wants))
    in_full = read_in_full(board, [brief for brief in briefs if brief.public_id in wanted])
    return Record(briefs, months, {incident.public_id: incident for incident in in_full})


def _asked_for(board: Board, briefs: Sequence[Brief], months: Sequence[Month], wants: Wants) -> Iterator[str]:
    """Those that somebody will draw, besides the recent ones. What no archive has yet is always in the feeds."""
    for edition in board.editions():
        frame = frame_of(edition)
        archives = archives_of(edition, months, frame)
        for archive in archives:
            if wants(edition.file(archive.path[1:]), archive.made_of):
                yield from (brief.public_id for brief in archive.briefs)
        yield from (brief.public_id for brief in newest_of(briefs, archives))
        for brief in briefs:
            if any(wants(name, made_of) for name, made_of in own_documents(brief, edition, frame)):
                yield brief.public_id


def newest_of(briefs: Sequence[Brief], archives: Sequence[Archive]) -> list[Brief]:
    """What is open, the most recent, and all that no archive has yet: so that nothing is ever between the two."""
    archived = {brief.public_id for archive in archives for brief in archive.briefs}
    return [
        brief
        for place, brief in enumerate(briefs)
        if brief.is_open or place < RECENT or brief.public_id not in archived
    ]


def own_documents(brief: Brief, edition: Board, frame: str) -> tuple[tuple[str, str], ...]:
    """What tells of this one only: its page, its feed, and the calendar of a maintenance; and what each is made of.

    The page of what is open says how late it is, and is drawn every time.
    """
    return _own_documents(brief, edition.language_root, frame)


@lru_cache(maxsize=OWN_KEPT)
def _own_documents(brief: Brief, root: str, frame: str) -> tuple[tuple[str, str], ...]:
    """What is over is asked for at every publish, and its answer is always the same."""
    path, made_of = f"{root}{brief.path}"[1:], digest(frame, brief)
    own = ((f"{path}.html", "" if brief.is_open else made_of), (f"{path}.atom", made_of), (f"{path}.ics", made_of))
    return own if brief.is_maintenance else own[:2]
