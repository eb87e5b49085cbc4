"""``python -m optamed.launcher``, which ./run calls."""

from optamed import sqlite  # noqa: F401  isort: skip  before anything imports SQLite

import sys

from optamed.launcher.command import main

sys.exit(main(sys.argv[1:]))
