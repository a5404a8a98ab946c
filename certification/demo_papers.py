"""Demo photos of people, licences and insurances of places, one auditor's sample. Idempotent."""

import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from certification.evidence.packs.asked import Asked
from certification.evidence.packs.domain import ask_for_sample, make_sample
from certification.evidence.packs.errors import NobodyToDraw
from certification.models import CompanyDocument, EvidenceSample
from certification.statutory.company import record_document
from portal.content.portraits import Square, keep_portrait
from portal.enums import Task
from portal.models import EquipmentModel, Organisation, Person
from portal.registry.demo import data

SIDE = 480
SKIN, PAPER = "#e8c9ae", "#dfe8ea"
CLOTHES = ("#0b5a6e", "#3d4f58", "#7a4b2f", "#45633a")


@transaction.atomic
def load_photos() -> dict[str, int]:
    """Drawn photos of the people named: a head and shoulders, nobody's likeness."""
    people = Person.objects.filter(staff_number__in=data("papers")["photos"], photo__isnull=True)
    for number, person in enumerate(people.order_by("staff_number")):
        upload = SimpleUploadedFile("photo.jpg", _portrait(CLOTHES[number % len(CLOTHES)]))
        keep_portrait(person, upload, Square(), by=person)
    return {"photos": len(people)}


def _portrait(clothes: str) -> bytes:
    picture = Image.new("RGB", (SIDE, SIDE), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((60, 330, 420, 700), fill=clothes)
    pen.rectangle((205, 270, 275, 360), fill=SKIN)
    pen.ellipse((150, 90, 330, 320), fill=SKIN)
    pen.pieslice((140, 70, 340, 290), 180, 360, fill="#26211e")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


@transaction.atomic
def load_company_documents() -> dict[str, int]:
    """Licences and insurances, one of them near its end."""
    today, added = timezone.localdate(), 0
    for row in data("papers")["documents"]:
        place = Organisation.objects.filter(code=row["organisation"]).first()
        if place is None or CompanyDocument.objects.filter(number=row["number"]).exists():
            continue
        record_document(
            place,
            row["kind"],
            row["name"],
            row["number"],
            issuer=row["issuer"],
            valid_from=today - dt.timedelta(days=row["valid_since_days"]),
            valid_to=today + dt.timedelta(days=row["valid_in_days"]),
            by=None,
        )
        added += 1
    return {"company documents": added}


def load_sample() -> dict[str, int]:
    """One sample of the auditor, made at once."""
    row = data("papers")["sample"]
    auditor = Person.objects.filter(staff_number=row["by"]).first()
    machine = EquipmentModel.objects.filter(code=row["equipment"]).first()
    if auditor is None or machine is None or EvidenceSample.objects.filter(asked_by=auditor).exists():
        return {"samples": 0}
    asked = Asked(machine, Task(row["task"]), timezone.localdate(), timezone.now())
    try:
        sample = ask_for_sample(asked, row["size"], by=auditor, seed=row["seed"])
    except NobodyToDraw:
        return {"samples": 0}
    return {"samples": int(make_sample(sample.pk))}
