"""Where the wire ends: a mail server and an SMS provider of our own, for demo and tests. Never in production."""
