"""The names of Celery's queues. A message on one says only "this lane has work": the work itself is in PostgreSQL.

Inner rings and SMS have lanes of their own, so that they never wait behind a large fan-out.
"""

INNER = "inner"
SMS = "sms"
BULK = "bulk"
PUBLISH = "publish"
IMPORTS = "imports"

LANES = (INNER, SMS, BULK)
ALL = (*LANES, PUBLISH, IMPORTS)
