"""Ways to break notifications/rings.py on purpose: a name, the text, what it becomes, what somebody would notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    name: str
    old: str
    new: str
    breaks: str


MUTATIONS = [
    Mutation(
        "waiting starts anew",
        "return self.clock_started_at + self.cells[severity].delay",
        "return self.clock_started_at + 2 * self.cells[severity].delay",
        "first words come too late",
    ),
    Mutation(
        "worse is better",
        "self.severity_ranks[severity] < self.severity_ranks[than]",
        "self.severity_ranks[severity] > self.severity_ranks[than]",
        "raising a severity makes people wait",
    ),
    Mutation(
        "nobody joins",
        "if ring.state is State.IDLE and is_up and new.mode is not Mode.NEVER:",
        "if ring.state is State.WAITING and is_up and new.mode is not Mode.NEVER and ring.due_at is None:",
        "a ring that was never to hear stays deaf when the incident gets worse",
    ),
    Mutation(
        "a worse severity puts off",
        "due_at=min(ring.due_at, terms.due_at(ring.severity))",
        "due_at=terms.due_at(ring.severity)",
        "the waiting already done is lost",
    ),
    Mutation(
        "in the order of arrival",
        "for event in sorted(events, key=lambda event: event.number):",
        "for event in events:",
        "an older severity wins over a newer one",
    ),
    Mutation(
        "a better severity hurries",
        "due_at=max(now, terms.due_at(ring.severity)), wants_words=False",
        "due_at=now, wants_words=False",
        "calming down tells everybody at once",
    ),
    Mutation(
        "an inner severity leaks out",
        "if event.notify and (event.is_public or not terms.is_open):",
        "if event.notify:",
        "customers hear of a severity nobody wrote to them about",
    ),
    Mutation(
        "a page-only severity is told",
        "if event.notify and (event.is_public or not terms.is_open):",
        "if event.is_public or not terms.is_open:",
        "an update for the page alone goes into everybody's inbox",
    ),
    Mutation(
        "the pace stays",
        "next_ok_at=released_at + _gap(new), speak_by=speak_by",
        "next_ok_at=ring.next_ok_at, speak_by=speak_by",
        "what waits keeps the pace of the lesser severity",
    ),
    Mutation(
        "a better severity puts off what waits",
        "due_at=min(moved.due_at, _may_speak_at(moved, now=now))",
        "due_at=_may_speak_at(moved, now=now)",
        "what was about to go out waits for the longer gap",
    ),
    Mutation(
        "page-only is no words",
        "    ring = replace(ring, concerned_number=event.number)\n    if not event.notify:\n        return ring\n",
        "    if not event.notify:\n        return ring\n    ring = replace(ring, concerned_number=event.number)\n",
        "a first word whose words were page-only never comes",
    ),
    Mutation(
        "waiting for words for ever",
        "return replace(ring, due_at=now, wants_words=False)",
        "return ring",
        "a ring whose turn came before there were words never hears",
    ),
    Mutation(
        "no last word",
        "if ring.state is State.CLOSED:\n        return _pend(",
        "if ring.state is State.CLOSED_SILENT:\n        return _pend(",
        "an important word after the end reaches those who heard nothing, not those who did",
    ),
    Mutation(
        "important does not hurry a digest",
        "return now if event.is_important else _may_speak_at(ring, now=now)",
        "return _may_speak_at(ring, now=now)",
        "an exec waits half an hour for an important word",
    ),
    Mutation(
        "milestones are everything",
        "return now if event.is_important else None",
        "return now",
        "employees hear every word of a SEV3",
    ),
    Mutation(
        "no gap",
        "case Mode.LATEST:\n            return _may_speak_at(ring, now=now)",
        "case Mode.LATEST:\n            return now",
        "customers hear every word",
    ),
    Mutation(
        "the gap beats the promise",
        "return max(now, min(waits, default=now))",
        "return max(now, max(waits, default=now))",
        "a promise passes while words lie waiting",
    ),
    Mutation(
        "the end counts as a beginning",
        "    if ring.state is State.ACTIVE:\n        return replace(_pend(ring, Kind.RESOLVED",
        "    if ring.state in {State.ACTIVE, State.WAITING}:\n        return replace(_pend(ring, Kind.RESOLVED",
        "those who never heard the beginning hear the end",
    ),
    Mutation(
        "silence for everybody",
        "is_told = event.tell_anyway or cell.on_early_resolve is OnEarlyResolve.SUMMARY",
        "is_told = event.tell_anyway",
        "support never learns of what was over quickly",
    ),
    Mutation(
        "a summary from nowhere",
        "if is_told and ring.concerned_number:",
        "if is_told:",
        "a message without a word in it",
    ),
    Mutation(
        "the last one names it",
        "pending = max(kind, ring.pending or kind, key=lambda known: known.rank)",
        "pending = kind",
        "a change of severity is called an update",
    ),
    Mutation(
        "the latest time counts",
        "due_at=min(at, ring.due_at or at)",
        "due_at=max(at, ring.due_at or at)",
        "an important word waits for the digest",
    ),
    Mutation(
        "numbers stand still",
        "        last_number=newest,\n",
        "",
        "everything is told again each time",
    ),
    Mutation(
        "nobody keeps what was told by",
        "return channels | ring.told_channels if kind is Kind.RESOLVED else channels",
        "return channels",
        "who heard the beginning by SMS is never told that it is over",
    ),
    Mutation(
        "SMS for everything",
        "if kind is Kind.UPDATE and not ring.is_important and cell.sms_on is SmsOn.MILESTONES:",
        "if kind is Kind.UPDATE and not ring.is_important and cell.sms_on is SmsOn.ALL:",
        "phones ring for every word",
    ),
]
