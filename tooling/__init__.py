"""What `dev.py` runs on: the standard library only, because it runs before anything is installed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
