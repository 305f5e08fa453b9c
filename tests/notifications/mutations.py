"""Ways to break rings.py on purpose: a line, what it becomes, and what would go wrong in somebody's inbox."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    why: str
    old: str
    new: str


MUTATIONS = (
    Mutation(
        why="the better severity counts as the worse one",
        old="self.severity_ranks[severity] < self.severity_ranks[than]",
        new="self.severity_ranks[severity] > self.severity_ranks[than]",
    ),
    Mutation(
        why="a worse severity makes a waiting ring wait longer",
        old="due_at=min(ring.due_at, terms.due_at(ring.severity))",
        new="due_at=max(ring.due_at, terms.due_at(ring.severity))",
    ),
    Mutation(
        why="a better severity tells a waiting ring at once",
        old="due_at=max(now, terms.due_at(ring.severity)), wants_words=False",
        new="due_at=now, wants_words=False",
    ),
    Mutation(
        why="a page-only update is sent to everybody",
        old="    if not event.notify:\n        return ring\n",
        new="",
    ),
    Mutation(
        why="an open ring is told of an inner change of severity",
        old="if event.notify and (event.is_public or not terms.is_open):",
        new="if event.notify:",
    ),
    Mutation(
        why="what is pending keeps the old pace when a worse severity promises more",
        old="due_at=min(moved.due_at, _may_speak_at(moved, now=now))",
        new="due_at=moved.due_at",
    ),
    Mutation(
        why="a gap is kept although the promise is broken by it",
        old="for at in (ring.next_ok_at, ring.speak_by) if at",
        new="for at in (ring.next_ok_at,) if at",
    ),
    Mutation(
        why="an important update waits for the next digest",
        old="now if event.is_important else _may_speak_at(ring, now=now)",
        new="_may_speak_at(ring, now=now)",
    ),
    Mutation(
        why="whoever heard the beginning does not hear an end without words for them",
        old="    if ring.state is State.ACTIVE:\n        return replace(_pend(ring, Kind.RESOLVED",
        new="    if ring.state is State.ACTIVE and event.concerns:\n        return replace(_pend(ring, Kind.RESOLVED",
    ),
    Mutation(
        why="a summary is made of nothing",
        old="if is_told and ring.concerned_number:",
        new="if is_told:",
    ),
    Mutation(
        why="a first word is made of nothing",
        old="if ring.state is State.WAITING and not ring.concerned_number:",
        new="if False:",
    ),
    Mutation(
        why="the end is announced as an ordinary update",
        old="pending = max(kind, ring.pending or kind, key=lambda known: known.rank)",
        new="pending = kind",
    ),
    Mutation(
        why="the same words are sent again with the next release",
        old="last_number=newest,",
        new="last_number=ring.last_number,",
    ),
    Mutation(
        why="who was told by SMS is not told the end by SMS",
        old="return channels | ring.told_channels if kind is Kind.RESOLVED else channels",
        new="return channels",
    ),
    Mutation(
        why="updates are folded in the order in which they arrive",
        old="for event in sorted(events, key=lambda event: event.number):",
        new="for event in events:",
    ),
)
