"""What a WSGI server starts: published files at once, everything else through Django."""

import os
from pathlib import Path

from statuspage import env
from statuspage.front import Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")

application = Front(published=Path(env.DATA_DIR.text).resolve() / "published", is_tls=env.PAGE_SCHEME.text == "https")
