"""The table of cases for the ring machine, under the default plan. How a row reads stands at `Case`."""

from dataclasses import dataclass

ON_CALL, SUPPORT, EXECS, EMPLOYEES, CUSTOMERS = "on_call", "support", "execs", "employees", "customers"


@dataclass(frozen=True, slots=True)
class Case:
    """One ring's story.

    `story` is "minute words, minute words, …". Words: `public` (a public message), `note` (this ring may read it),
    `inner` (it may not), `important`, `page_only` (nobody is told), `anyway` ("tell them anyway"), `resolve`, or the
    severity it changes to. Several updates at one minute are one pass; a minute with no words is a pass, too.

    `told` is "minute kind from-to channels, …", with e for e-mail and s for SMS. `ends` is where the ring stands.
    The planner comes when something is posted or due, except while it is `away` (first minute, minute it is back).
    """

    rule: str
    sentence: str
    ring: str
    severity: str
    story: str
    told: str
    ends: str
    away: tuple[int, int] = (0, 0)


CASES = (
    # R1: late binding
    Case("R1", "three updates before the turn are one message", CUSTOMERS, "sev1",
         "0 public, 3 public, 7 public, 15", "10 first 1-3 es", "active"),
    Case("R1", "ten updates before the turn are one message", EMPLOYEES, "sev2",
         "0 public, 1 public, 2 note, 4 public, 6 public, 8 note, 9 public, 11 public, 14 public, 19 public, 30",
         "20 first 1-10 e", "active"),
    Case("R1", "without delay the first word goes at once", ON_CALL, "sev1", "0 note", "0 first 1-1 es", "active"),
    Case("R1", "page-only words wait for the turn and then are in it", CUSTOMERS, "sev1",
         "0 public page_only, 12", "10 first 1-1 es", "active"),
    Case("R1", "what does not concern a ring does not start it", EXECS, "sev2", "0 inner, 14", "", "waiting"),
    # R2: frozen at release; what comes later is in the next
    Case("R2", "what is posted after the release is in the next one only", ON_CALL, "sev2",
         "0 public, 1 public", "0 first 1-1 es, 1 update 2-2 es", "active"),
    Case("R2", "a page-only update is covered by the next release", ON_CALL, "sev2",
         "0 public, 5 public page_only, 8 public", "0 first 1-1 es, 8 update 2-3 es", "active"),
    Case("R2", "inner updates between two releases are covered, too", SUPPORT, "sev2",
         "0 public, 5 inner, 8 note", "2 first 1-1 es, 8 update 2-3 e", "active"),
    # R3: overtaking; the number only ever rises
    Case("R3", "in latest mode the newest wins and the gap holds", CUSTOMERS, "sev2",
         "0 public, 25 public, 30 public, 45 public, 55", "20 first 1-1 es, 50 update 2-4 e", "active"),
    Case("R3", "after the gap an update goes at once", CUSTOMERS, "sev2",
         "0 public, 51 public, 60 public, 81", "20 first 1-1 es, 51 update 2-2 e, 81 update 3-3 e", "active"),
    Case("R3", "every means every, in order", ON_CALL, "sev3",
         "0 public, 1 note, 2 public, 2 note", "0 first 1-1 es, 1 update 2-2 es, 2 update 3-4 es", "active"),
    Case("R3", "important words wait for the gap, and then go by SMS, too", CUSTOMERS, "sev2",
         "0 public, 25 public important, 30 public, 55", "20 first 1-1 es, 50 update 2-3 es", "active"),
    Case("R3", "a digest gathers what is new", EXECS, "sev1",
         "0 public, 6 public, 15 public, 40", "5 first 1-1 es, 30 update 2-3 e", "active"),
    Case("R3", "a digest with nothing new is not sent", EXECS, "sev1",
         "0 public, 6 inner, 90", "5 first 1-1 es", "active"),
    Case("R3", "a digest lets the important through at once", EXECS, "sev1",
         "0 public, 8 note, 9 public important", "5 first 1-1 es, 9 update 2-3 es", "active"),
    Case("R3", "a milestone ring hears only what is important", EMPLOYEES, "sev3",
         "0 public, 65 public, 70 public important", "60 first 1-1 e, 70 update 2-3 e", "active"),
    # R4: severity up
    Case("R4", "the turn comes sooner, and waiting already done counts", CUSTOMERS, "sev2",
         "0 public, 4 sev1 inner, 15", "10 first 1-1 es", "active"),
    Case("R4", "a turn that would be over is now", CUSTOMERS, "sev2",
         "0 public, 15 sev1 inner", "15 first 1-2 es", "active"),
    Case("R4", "who was never to hear joins", EXECS, "sev3", "0 public, 7 sev2 note, 20", "15 first 1-2 es", "active"),
    Case("R4", "who joins late hears at once", EXECS, "sev3", "0 public, 40 sev1 inner", "40 first 1-2 es", "active"),
    Case("R4", "who joins without words wants words", CUSTOMERS, "sev4",
         "0 inner, 40 sev1 inner", "", "waiting wants_words"),
    Case("R4", "a told inner ring hears of the severity whatever the words", SUPPORT, "sev3",
         "0 public, 20 sev2 inner", "10 first 1-1 es, 20 severity 2-2 es", "active"),
    Case("R4", "a told open ring hears of it with public words", CUSTOMERS, "sev2",
         "0 public, 25 sev1 public", "20 first 1-1 es, 25 severity 2-2 es", "active"),
    Case("R4", "a told open ring without public words hears nothing", CUSTOMERS, "sev2",
         "0 public, 25 sev1 inner, 60", "20 first 1-1 es", "active"),
    Case("R4", "page-only changes of severity are told to nobody", SUPPORT, "sev3",
         "0 public, 20 sev2 public page_only, 60", "10 first 1-1 es", "active"),
    Case("R4", "what was pending comes sooner by the worse cell's pace", CUSTOMERS, "sev2",
         "0 public, 21 public, 25 sev1 inner, 60", "20 first 1-1 es, 40 update 2-2 e", "active"),
    Case("R4", "what was pending goes with the severity milestone", SUPPORT, "sev3",
         "0 public, 12 public, 15 sev2 inner, 60", "10 first 1-1 es, 15 severity 2-3 es", "active"),
    # R5: severity down
    Case("R5", "who waits waits for the later turn", CUSTOMERS, "sev1",
         "0 public, 5 sev2 inner, 30", "20 first 1-1 es", "active"),
    Case("R5", "who waits and is no longer to hear is left alone", EXECS, "sev2",
         "0 public, 10 sev3 note, 90", "", "idle"),
    Case("R5", "who heard stays, and hears milestones", EXECS, "sev2",
         "0 public, 20 sev3 note, 30 public, 40 public important, 50 resolve",
         "15 first 1-1 es, 20 severity 2-2 es, 40 update 3-4 es, 50 resolved 5-5 es", "closed"),
    Case("R5", "the end goes by every channel that carried a word", CUSTOMERS, "sev2",
         "0 public, 30 sev3 public, 50 resolve public",
         "20 first 1-1 es, 30 severity 2-2 e, 50 resolved 3-3 es", "closed"),
    Case("R5", "what was pending is not put off by a quieter cell", CUSTOMERS, "sev1",
         "0 public, 15 public, 20 sev4 inner, 60", "10 first 1-1 es, 30 update 2-2 e", "active"),
    Case("R5", "who was left alone and is to hear again hears once", EXECS, "sev2",
         "0 public, 5 sev3 inner, 20 sev2 inner, 60", "20 first 1-3 es", "active"),
    # R6: resolved before the first word
    Case("R6", "customers never hear of what was over before their turn", CUSTOMERS, "sev2",
         "0 public, 12 resolve public, 60", "", "closed_silent"),
    Case("R6", "support gets a summary", SUPPORT, "sev3", "0 public, 4 resolve", "4 summary 1-2 es", "closed"),
    Case("R6", "a summary needs words", SUPPORT, "sev3", "0 inner, 4 resolve", "", "closed_silent"),
    Case("R6", "at the highest severity there is always a summary", CUSTOMERS, "sev1",
         "0 public, 7 resolve", "7 summary 1-2 es", "closed"),
    Case("R6", "tell them anyway makes it a summary", CUSTOMERS, "sev2",
         "0 public, 12 resolve anyway", "12 summary 1-2 es", "closed"),
    Case("R6", "a ring that was to hear nothing hears nothing", EXECS, "sev3",
         "0 public, 9 resolve anyway", "", "idle"),
    Case("R6", "silence stays silence", CUSTOMERS, "sev2",
         "0 public, 12 resolve, 20 public important, 60", "", "closed_silent"),
    Case("R6", "resolved in the very pass in which the turn had come is still before the first word", CUSTOMERS, "sev2",
         "0 public, 22 resolve", "", "closed_silent", away=(15, 25)),
    # R7: resolved during or after the first word
    Case("R7", "whoever heard the beginning hears the end, though it says nothing to them", CUSTOMERS, "sev2",
         "0 public, 21 resolve", "20 first 1-1 es, 21 resolved 2-2 es", "closed"),
    Case("R7", "the end does not wait for the gap, and takes what was pending along", CUSTOMERS, "sev1",
         "0 public, 15 public, 16 resolve public, 60", "10 first 1-1 es, 16 resolved 2-3 es", "closed"),
    Case("R7", "a page-only end is told to those who heard the beginning", CUSTOMERS, "sev2",
         "0 public, 25 resolve public page_only", "20 first 1-1 es, 25 resolved 2-2 es", "closed"),
    Case("R7", "after the end only the important is told", CUSTOMERS, "sev2",
         "0 public, 25 resolve, 30 public, 35 public important",
         "20 first 1-1 es, 25 resolved 2-2 es, 35 update 3-4 es", "closed"),
    Case("R7", "the same goes for whoever got a summary", SUPPORT, "sev3",
         "0 public, 4 resolve, 30 public, 35 note important", "4 summary 1-2 es, 35 update 3-4 es", "closed"),
    # R8: one pass, one release, named by rank
    Case("R8", "update, severity and end in one pass are one end", ON_CALL, "sev2",
         "0 public, 5 public, 5 sev1 note, 5 resolve", "0 first 1-1 es, 5 resolved 2-4 es", "closed"),
    Case("R8", "the end and important words after it in one pass are one end", SUPPORT, "sev2",
         "0 public, 5 resolve, 5 public important", "2 first 1-1 es, 5 resolved 2-3 es", "closed"),
    Case("R8", "severity outranks update", SUPPORT, "sev2",
         "0 public, 5 sev1 note, 5 public", "2 first 1-1 es, 5 severity 2-3 es", "active"),
    Case("R8", "updates come before timers: raised in the pass in which the turn had come", EXECS, "sev2",
         "0 public, 20 sev1 note", "25 first 1-2 es", "active", away=(10, 25)),
    Case("R8", "a planner that was away for an hour says one thing", EXECS, "sev1",
         "0 public, 8 public, 20 public important, 50 note", "5 first 1-1 es, 68 update 2-4 es", "active",
         away=(7, 68)),
    Case("R8", "lowered in the pass in which the turn had come waits again", CUSTOMERS, "sev1",
         "0 public, 11 sev2 inner, 30", "20 first 1-1 es", "active", away=(9, 12)),
    # R10's beginning: no words (the paging and the fallback words come later)
    Case("R10", "a turn without words wants words, and the next words are the first", CUSTOMERS, "sev1",
         "0 inner, 14 public", "14 first 1-2 es", "active"),
    Case("R10", "page-only words do not answer the want", CUSTOMERS, "sev1",
         "0 inner, 14 public page_only, 30", "", "waiting wants_words"),
    Case("R10", "inner words are never a substitute", CUSTOMERS, "sev1",
         "0 inner, 14 inner, 40", "", "waiting wants_words"),
    # R15, the ring's part: told to the end, and the newest broadcast always covers everything before it
    Case("R15", "a ring stays active through silence, so that latecomers find it", CUSTOMERS, "sev1",
         "0 public, 240", "10 first 1-1 es", "active"),
    Case("R15", "the ranges follow each other without a hole", SUPPORT, "sev1",
         "0 public, 4 inner, 5 note, 6 inner, 9 public, 20 resolve",
         "0 first 1-1 es, 5 update 2-3 e, 9 update 4-5 e, 20 resolved 6-6 es", "closed"),
    Case("R15", "a ring no longer in the plan is still told to the end", CUSTOMERS, "sev3",
         "0 public, 35 sev4 public, 50 resolve", "30 first 1-1 e, 35 severity 2-2 e, 50 resolved 3-3 e", "closed"),
)  # fmt: skip
