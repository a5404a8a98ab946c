"""Refusals of imports."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class ImportNotReady(DomainError):
    """The step is not possible in the state the import is in."""

    code = "import_not_ready"
    message = _("This import is “%(state)s”. Nothing was changed. Open it again to see where it stands.")


class RowsOpen(DomainError):
    """Rows with problems or questions are in the way."""

    code = "import_rows_open"
    status = 422
    message = _(
        "%(refused)d rows have problems and %(asked)d questions are open. Nothing was imported. Answer the questions, "
        "correct the file and import it again, or choose to leave these rows out."
    )


class ChangedMeanwhile(DomainError):
    """What a row would do is no longer what was shown."""

    code = "import_changed_meanwhile"
    message = _(
        "What row %(row)d would do has changed since the preview. Nothing was imported; look at the preview again."
    )


class RowRefused(DomainError):
    """What the preview let pass is refused by the database or a validator while it is written."""

    code = "import_row_refused"
    status = 422
    message = _("Row %(row)d could not be written: %(reason)s. Nothing was imported; look at the preview again.")


class RestsOnIt(DomainError):
    """Something stands on what an import added, or it was changed since."""

    code = "import_rested_on"
    message = _("“%(record)s” cannot be taken back: %(reason)s. Nothing was undone.")


class ColumnsMissing(DomainError):
    """Columns without which nothing can be read are not named."""

    code = "import_columns_missing"
    status = 422
    message = _("These columns are still to be named: %(columns)s.")
