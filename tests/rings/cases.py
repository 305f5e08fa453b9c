"""What a ring hears, minute by minute. Each case is one of docs/rules.md at work on one ring of the default plan.

One line is one look of the planner, with the updates posted just before it; between lines it looks whenever the ring
is due, and after the last for five hours. A `>` line is all that the ring is sent then: the kind, the updates it
covers, the channels. Words of an update: *public* (a message), *inner* (a note this ring reads), *elsewhere* (words
for others); *important*; *page-only* (notify off); *anyway* (tell them even if it is over). `late` holds an update
back until the next line, as a planner does that comes late.
"""

from dataclasses import replace
from datetime import timedelta

from statuspage.organizations.plan import NEVER, Cell, Channel, Mode, SmsOn
from tests.rings.playing import Case


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


MAIL = Cell(mode=Mode.LATEST, min_gap=minutes(45), promise=minutes(60), channels=(Channel.EMAIL,))
MAIL_AT_10, MAIL_AT_20, MAIL_AT_30, MAIL_AT_55 = (replace(MAIL, delay=minutes(delay)) for delay in (10, 20, 30, 55))
MAIL_EVERY_20 = replace(MAIL, min_gap=minutes(20))
SLOW = Cell(mode=Mode.LATEST, min_gap=minutes(50), promise=minutes(30), channels=(Channel.EMAIL,))
SLOW_DIGEST = Cell(mode=Mode.DIGEST, digest_every=minutes(50), promise=minutes(30), channels=(Channel.EMAIL,))
ALL_SMS = Cell(mode=Mode.EVERY, channels=(Channel.SMS,), sms_on=SmsOn.ALL)

CASES = [
    Case("R1", "Ten updates before its turn are one message", """
        10:00 sev1 customers: public
        10:03 public
        10:07 public
        10:10 > first 1-3 email sms"""),
    Case("R1", "What is posted the minute after the first word waits for the gap", """
        10:00 sev1 customers: public
        10:10 > first 1-1 email sms
        10:11 public
        10:30 > update 2-2 email"""),
    Case("R1", "Words for others are no part of what it hears", """
        10:00 sev1 customers: public
        10:04 elsewhere
        10:10 > first 1-1 email sms"""),
    Case("R1", "Page-only words are in the first word all the same", """
        10:00 sev1 customers: public page-only
        10:10 > first 1-1 email sms"""),
    Case("R2", "What was covered is not covered again", """
        10:00 sev1 support: public
        10:00 > first 1-1 email sms
        10:20 public
        10:20 > update 2-2 email
        10:25 inner
        10:25 > update 3-3 email"""),
    Case("R2", "A page-only update goes along with the next one", """
        10:00 sev1 support: public
        10:00 > first 1-1 email sms
        10:05 public page-only
        10:20 public
        10:20 > update 2-3 email"""),
    Case("R3", "A ring that hears everything hears each by itself, in order", """
        10:00 sev2 on_call: inner
        10:00 > first 1-1 email sms
        10:01 inner
        10:01 > update 2-2 email sms
        10:02 public
        10:02 > update 3-3 email sms"""),
    Case("R3", "A ring that hears the latest hears one for many", """
        10:00 sev2 customers: public
        10:20 > first 1-1 email sms
        10:25 public
        10:30 public
        10:40 public
        10:50 > update 2-4 email"""),
    Case("R4", "Raised while it waits: waiting done counts", """
        10:00 sev3 customers: public
        10:05 sev1 public
        10:10 > first 1-2 email sms"""),
    Case("R4", "Raised past the new turn: the past means now", """
        10:00 sev3 customers: public
        10:25 sev1 elsewhere
        10:25 > first 1-2 email sms"""),
    Case("R4", "Raised to a cell that waits longer: never later than before", """
        10:00 sev3 customers: public
        10:05 sev1 public
        10:30 > first 1-2 email""", cells={"sev1": MAIL_AT_55, "sev3": MAIL_AT_30}),
    Case("R4", "A ring that was never to hear joins", """
        10:00 sev3 execs: public
        10:02 sev1 elsewhere
        10:05 > first 1-1 email sms"""),
    Case("R4", "A ring that has heard hears a milestone at once, gap or not", """
        10:00 sev2 customers: public
        10:20 > first 1-1 email sms
        10:25 sev1 public
        10:25 > severity 2-2 email sms"""),
    Case("R4", "An open ring is not told of a severity without public words", """
        10:00 sev2 customers: public
        10:20 > first 1-1 email sms
        10:25 sev1 elsewhere"""),
    Case("R4", "An inner ring is told of it without words", """
        10:00 sev2 support: public
        10:02 > first 1-1 email sms
        10:25 sev1 elsewhere
        10:25 > severity 2-2 email sms"""),
    Case("R4", "A page-only change of severity is told to nobody", """
        10:00 sev2 customers: public
        10:20 > first 1-1 email sms
        10:25 sev1 public page-only"""),
    Case("R4", "What waits comes at the worse severity's pace", """
        10:00 sev3 customers: public
        10:30 > first 1-1 email
        10:35 public
        10:40 sev1 elsewhere
        10:50 > update 2-2 email""", cells={"sev3": MAIL_AT_30, "sev1": MAIL_EVERY_20}),
    Case("R5", "Lowered while it waits: the longer wait, from the same start", """
        10:00 sev1 customers: public
        10:05 sev3 public
        10:30 > first 1-2 email"""),
    Case("R5", "Lowered while it waits, to a turn that has passed: now, not earlier", """
        10:00 sev2 customers: elsewhere
        10:25 sev3 public
        10:25 > first 1-2 email""", cells={"sev2": MAIL_AT_20, "sev3": MAIL_AT_10}),
    Case("R5", "Lowered while it waits, to a severity it does not hear of: nothing", """
        10:00 sev1 execs: public
        10:03 sev3 public
        10:20 resolve public"""),
    Case("R5", "Lowered while it waits without words: it waits anew", """
        10:00 sev2 customers: elsewhere
        10:25 sev3 elsewhere
        10:27 public
        10:30 > first 1-3 email"""),
    Case("R5", "Whoever heard the beginning hears milestones and the end", """
        10:00 sev1 execs: public
        10:05 > first 1-1 email sms
        10:10 sev3 public
        10:10 > severity 2-2 email sms
        10:40 public
        10:50 public important
        10:50 > update 3-4 email sms
        11:00 resolve elsewhere
        11:00 > resolved 5-5 email sms"""),
    Case("R5", "A channel that carried a word carries the end", """
        10:00 sev2 customers: public
        10:20 > first 1-1 email sms
        10:30 sev3 public
        10:30 > severity 2-2 email
        10:40 resolve public
        10:40 > resolved 3-3 email sms"""),
    Case("R5", "What waits is not put off by a better severity", """
        10:00 sev1 customers: public
        10:10 > first 1-1 email sms
        10:15 public
        10:16 sev3 elsewhere
        10:30 > update 2-2 email"""),
    Case("R6", "Over before its turn: silence for customers", """
        10:00 sev2 customers: public
        10:07 resolve public
        10:30 public important"""),
    Case("R6", "Over before its turn: a summary for support", """
        10:00 sev3 support: public
        10:07 resolve public
        10:07 > summary 1-2 email sms"""),
    Case("R6", "Over before its turn, but told anyway", """
        10:00 sev1 customers: public
        10:07 resolve public anyway
        10:07 > summary 1-2 email sms"""),
    Case("R6", "No summary where there never were words", """
        10:00 sev3 support: elsewhere
        10:07 resolve elsewhere anyway"""),
    Case("R6", "No summary for those who were not to hear", """
        10:00 sev4 customers: public
        10:07 resolve public anyway"""),
    Case("R6", "Its turn had come, but the end is seen in the same look", """
        10:00 sev2 customers: public
        10:19 late public
        10:40 resolve public"""),
    Case("R7", "Told, then over: the end at once, gap or not", """
        10:00 sev1 customers: public
        10:10 > first 1-1 email sms
        10:12 resolve public
        10:12 > resolved 2-2 email sms"""),
    Case("R7", "The end takes along what was waiting", """
        10:00 sev1 customers: public
        10:10 > first 1-1 email sms
        10:11 public
        10:12 resolve elsewhere
        10:12 > resolved 2-3 email sms"""),
    Case("R7", "After the end only what is important is said", """
        10:00 sev1 support: public
        10:00 > first 1-1 email sms
        10:10 resolve public
        10:10 > resolved 2-2 email sms
        10:20 public
        10:30 public important
        10:30 > update 3-4 email sms"""),
    Case("R8", "Everything seen in one look is one message, named by the most important", """
        10:00 sev2 support: public
        10:02 > first 1-1 email sms
        10:10 late public
        10:11 late sev1 public
        10:15 public
        10:15 > severity 2-4 email sms"""),
    Case("R8", "Seen in one look: the end outranks a severity", """
        10:00 sev2 support: public
        10:02 > first 1-1 email sms
        10:11 late sev1 public
        10:15 resolve public
        10:15 > resolved 2-3 email sms"""),
    Case("R8", "A first word is a first word, whatever else is seen with it", """
        10:00 sev1 support: late public
        10:01 late sev2 public
        10:05 public
        10:05 > first 1-3 email sms"""),
    Case("R8", "Seen in one look: the newest severity counts", """
        10:00 sev2 customers: public
        10:05 late sev1 public
        10:06 sev3 public
        10:30 > first 1-3 email"""),
    Case("R8", "Updates are applied by number before the timer", """
        10:00 sev1 customers: public
        10:10 > first 1-1 email sms
        10:29 late public
        10:45 resolve public
        10:45 > resolved 2-3 email sms"""),
    Case("R8", "The speak-by time beats the gap", """
        10:00 sev1 customers: public
        10:00 > first 1-1 email
        10:10 public
        10:30 > update 2-2 email""", cells={"sev1": SLOW}),
    Case("R8", "The speak-by time beats the digest", """
        10:00 sev1 customers: public
        10:00 > first 1-1 email
        10:10 public
        10:30 > update 2-2 email""", cells={"sev1": SLOW_DIGEST}),
    Case("R10", "Nothing to say when its turn comes: the next words are said at once", """
        10:00 sev1 customers: elsewhere
        10:15 elsewhere
        10:20 public
        10:20 > first 1-3 email sms"""),
    Case("R10", "Page-only words are no reason to speak", """
        10:00 sev1 customers: elsewhere
        10:20 public page-only
        10:50 public
        10:50 > first 1-3 email sms"""),
    Case("R15", "Told once, told to the end, by words for it or not", """
        10:00 sev4 support: inner
        10:30 > first 1-1 email sms
        12:00 elsewhere
        13:00 resolve elsewhere
        13:00 > resolved 2-3 email sms"""),
    Case("R15", "The newest broadcast reaches up to the newest update, so a latecomer misses nothing", """
        10:00 sev1 support: public
        10:00 > first 1-1 email sms
        10:05 late elsewhere
        10:06 late public
        10:07 elsewhere
        10:07 > update 2-4 email"""),
    Case("every", "Each update at once, in order, SMS for milestones only", """
        10:00 sev1 support: public
        10:00 > first 1-1 email sms
        10:01 inner
        10:01 > update 2-2 email
        10:02 public important
        10:02 > update 3-3 email sms"""),
    Case("every", "A channel set to all carries every update", """
        10:00 sev1 on_call: inner
        10:00 > first 1-1 sms
        10:01 inner
        10:01 > update 2-2 sms""", cells={"sev1": ALL_SMS}),
    Case("latest", "Not more than one per gap, even when important", """
        10:00 sev1 customers: public
        10:10 > first 1-1 email sms
        10:15 public important
        10:30 > update 2-2 email sms"""),
    Case("latest", "After the gap at once", """
        10:00 sev1 customers: public
        10:10 > first 1-1 email sms
        10:33 public
        10:33 > update 2-2 email
        10:34 public
        10:53 > update 3-3 email"""),
    Case("milestone", "Ordinary updates are not told", """
        10:00 sev3 employees: public
        11:00 > first 1-1 email
        11:10 public
        11:20 resolve public
        11:20 > resolved 2-3 email"""),
    Case("milestone", "What is important is told at once", """
        10:00 sev3 employees: public
        11:00 > first 1-1 email
        11:10 public
        11:20 public important
        11:20 > update 2-3 email"""),
    Case("digest", "Every so often, if something is new", """
        10:00 sev1 execs: public
        10:05 > first 1-1 email sms
        10:06 inner
        10:12 inner
        10:30 > update 2-3 email
        11:20 inner
        11:20 > update 4-4 email"""),
    Case("digest", "Milestones at once", """
        10:00 sev1 execs: public
        10:05 > first 1-1 email sms
        10:06 inner
        10:12 inner important
        10:12 > update 2-3 email sms
        10:20 sev2 elsewhere
        10:20 > severity 4-4 email sms"""),
    Case("never", "Nothing, ever", """
        10:00 sev4 customers: public
        10:30 public important
        11:00 resolve public
        11:30 public important"""),
    Case("never", "Lowered from a severity it does not hear of: still nothing", """
        10:00 sev2 customers: public
        10:05 sev3 public""", cells={"sev2": NEVER, "sev3": MAIL_AT_10}),
]  # fmt: skip
