"""Log lines without what opens something: whoever reads the log shall not be let in by it."""

import logging
import re

# What stands behind these in an address is an authority (public_urls.py). Words of ours are shorter.
_TOKEN = re.compile(r"(?<=/[ud]/)[\w:.=-]{20,}|(?<=/look/)[\w:.=-]{20,}", re.ASCII)


class Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("…", super().format(record))
