"""Static files under hashed names, so that a browser keeps them for good and never shows yesterday's."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """Imports inside our ES modules are hashed too; a file that was not collected is served under its own name."""

    support_js_module_import_aggregation = True
    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:  # a library's module imports what the library does not ship
            return name
