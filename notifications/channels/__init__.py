"""How a message is handed over: one file per channel, each a `Transport` (see `base`), none touching the database."""
