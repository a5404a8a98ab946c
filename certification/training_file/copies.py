"""Copy of everything on record about somebody, to take along: JSON for programs, a PDF for people, in one ZIP.

Questions and keys are not in it: papers are named with their results.
"""

import io
import json
import zipfile

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.training_file.copy_sections import sections_about
from portal.access import audit
from portal.exchange.pdf import render_pdf
from portal.models import Person, PortalSettings

FORMAT = "dutyready.personal-copy/1"
TEMPLATE = "certification/training_file/print/copy.html"


@transaction.atomic
def copy_of(person: Person, *, by: Person) -> bytes:
    """Return the ZIP; that it was taken stands in the audit log."""
    now = timezone.now()
    about = {
        "staff_number": person.staff_number,
        "name": person.name,
        "email": person.email,
        "mobile": person.mobile,
        "organisation": person.organisation.name if person.organisation else "",
        "joined_on": person.joined_on,
        "is_active": person.is_active,
    }
    listed = [(section, section.values) for section in sections_about(person)]
    written = {
        "format": FORMAT,
        "issuer": PortalSettings.load().issuer,
        "made_at": now,
        "person": about,
        "records": {section.key: rows for section, rows in listed},
    }
    paper = {
        "title": _("Copy of a personal file"),
        "person": person,
        "made_at": now,
        "sections": [section.on_paper(rows) for section, rows in listed],
    }
    text = json.dumps(written, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("file.json", text)
        archive.writestr("file.pdf", render_pdf(TEMPLATE, paper).content)
    audit.record("certification.copy_taken", person, actor=by)
    return out.getvalue()
