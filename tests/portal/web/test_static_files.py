"""What only paper needs is not collected to be served."""

from django.apps import apps
from django.contrib.staticfiles.finders import get_finders


def test_print_typefaces_and_sheets_are_not_collected():
    patterns = apps.get_app_config("staticfiles").ignore_patterns
    found = {path for finder in get_finders() for path, _storage in finder.list(patterns)}

    assert [path for path in found if path.startswith("css/print/") or path.endswith(".ttf")] == []
    assert "css/base.css" in found
