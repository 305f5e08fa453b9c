#!/usr/bin/env python
"""Django's command line. Newcomers want `python3 dev.py` instead."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
    execute_from_command_line(sys.argv)
