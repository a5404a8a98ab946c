"""Registrations with Wagtail; the logic lives in viewsets.py and views_files.py."""

from wagtail import hooks

from portal.views_files import guard_document

hooks.register("before_serve_document", guard_document)
