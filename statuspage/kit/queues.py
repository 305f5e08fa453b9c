"""The names of Celery's queues. A message on one says only "this lane has work": the work itself is in PostgreSQL.

Inner rings and SMS have lanes of their own, so that they never wait behind a large fan-out. Endpoints have one, so that
nobody waits behind somebody's slow machine.
"""

INNER = "inner"
SMS = "sms"
BULK = "bulk"
WEBHOOK = "webhook"
PUBLISH = "publish"
IMPORTS = "imports"

LANES = (INNER, SMS, BULK, WEBHOOK)
ALL = (*LANES, PUBLISH, IMPORTS)
ANSWERS = SMS
"""Mails to whoever has just signed up go with the SMS: they are few, and somebody waits for each."""
