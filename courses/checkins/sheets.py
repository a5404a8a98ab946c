"""Scans of the signed sheet: kept with the session as personal files, opened by its own page only."""

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from courses.checkins.errors import UnusableSheetScan
from courses.models import Session, SheetScan
from courses.sessions.states import locked, require_runner
from portal.access import audit
from portal.access.changes import added
from portal.content.personal import keep_personal_file
from portal.content.scans import MAX_MEGABYTES, ending_of_scan
from portal.models import Person


@transaction.atomic
def keep_sheet_scan(session: Session, upload: UploadedFile, *, by: Person) -> SheetScan:
    """Keep a photo or PDF of the signed sheet; the same file again is the record there is.

    Raises:
        NotYourSession: ``by`` does not run the session.
        UnusableSheetScan: no photo, no PDF, damaged or too large.
    """
    session = locked(session)
    require_runner(by, session)
    try:
        ending = ending_of_scan(upload)
    except ValueError:
        raise UnusableSheetScan(limit=MAX_MEGABYTES) from None
    content = upload.read()
    digest = hashlib.sha256(content).hexdigest()
    known = SheetScan.objects.filter(session=session, digest=digest).first()
    if known is not None:
        return known
    title = _("Signed sheet: %(session)s") % {"session": session.title}
    document = keep_personal_file(title, content, stem="sheet", ending=ending, by=by)
    scan = SheetScan.objects.create(session=session, document=document, digest=digest, added_by=by)
    audit.record("courses.sheet_scan_added", session, actor=by, changes=added(scan))
    return scan
