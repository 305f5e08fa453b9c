#!/usr/bin/env python3
"""One door for everything a developer does here: `python3 dev.py` lists it. Needs Python 3.11 and nothing else."""

import sys

# This file keeps to syntax that every Python understands, so that an old one can read this far and say what is wrong.
if sys.version_info < (3, 11):  # noqa: UP036 - the point of the line is to run on older ones
    sys.exit("Ripple needs Python 3.11 or newer. This is Python " + sys.version.split()[0] + ". Try: python3.11 dev.py")
if sys.platform == "win32":
    sys.exit("Ripple is developed on Linux and macOS. On Windows, use it inside WSL.")

from tooling.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
