"""Which files of ``static/`` are collected to be served."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class ServedFiles(StaticFilesConfig):
    """Everything but what only paper needs: its typefaces (20 MB) and sheets are read where they lie."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "fonts/NotoSans*", "css/print/*"]
