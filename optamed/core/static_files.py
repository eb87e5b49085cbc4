"""Static files under hashed names, so that a browser keeps them for good and never shows yesterday's."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """Imports inside our ES modules are hashed too; a file that the manifest lacks is served under its own name."""

    support_js_module_import_aggregation = True
    manifest_strict = False
