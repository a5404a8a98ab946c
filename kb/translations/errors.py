"""Refusals about translations."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class TranslationChanged(DomainError):
    """Somebody saved the translation, or published the source, after the form was opened."""

    code = "translation_changed"
    status = 409
    message = _("The source or its translation was changed after you opened this page. Nothing was saved.")


class TitleUntranslated(DomainError):
    """A version without a title cannot be named in a list."""

    code = "translation_without_title"
    status = 422
    message = _("Translate at least the title before you publish this version. The draft is kept.")


class SourceNotPublished(DomainError):
    """There is no published source to translate from."""

    code = "source_not_published"
    status = 409
    message = _("Only what readers have is translated. Publish the source first, then translate it.")


class FieldsRefused(DomainError):
    """A field holds what it may not."""

    code = "translation_fields"
    status = 422
    message = _("Nothing was saved: some fields are too long. Look at the fields marked below.")
