from django.db import migrations
from django.db.models import OuterRef, Subquery

BATCH = 1000


def give_meetings(apps, schema_editor):
    """Every session so far is one meeting, which keeps its identity in calendars; what is recorded is recorded of it."""
    Session = apps.get_model("courses", "Session")
    Meeting = apps.get_model("courses", "Meeting")
    shared = ("starts_at", "ends_at", "break_minutes", "place", "place_key", "place_record_id", "uid")
    rows = Session.objects.filter(meetings=None).order_by("pk").values("pk", *shared)
    made = []
    for row in rows.iterator(chunk_size=BATCH):
        made.append(Meeting(session_id=row.pop("pk"), number=1, **row))
        if len(made) == BATCH:
            Meeting.objects.bulk_create(made)
            made = []
    Meeting.objects.bulk_create(made)
    for model, path, own in (
        ("Attendance", "session__enrolments", "enrolment_id"),
        ("NomineeTimes", "session__training_requests__nominees", "nominee_id"),
        ("Arrival", "session", "session_id"),
    ):
        first = Meeting.objects.filter(**{path: OuterRef(own)}).order_by("number").values("pk")[:1]
        apps.get_model("courses", model).objects.filter(meeting=None).update(meeting=Subquery(first))


class Migration(migrations.Migration):
    """Sessions so far become sessions of one meeting."""

    dependencies = [("courses", "0080_meetings")]

    operations = [migrations.RunPython(give_meetings, migrations.RunPython.noop)]
