#!/usr/bin/env python3
"""Management commands: ``.venv/bin/python manage.py help`` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "optamed.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    from optamed import sqlite  # noqa: F401, PLC0415  the SQLite library is chosen before Django imports one

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
