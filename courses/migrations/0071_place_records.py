from django.db import migrations


def make_records(apps, schema_editor):
    """Make a record of each place sessions were written under; the newest spelling is its name."""
    Session = apps.get_model("courses", "Session")
    Place = apps.get_model("courses", "Place")
    PlaceName = apps.get_model("courses", "PlaceName")
    customers = set(apps.get_model("portal", "Organisation").objects.filter(tier="customer").values_list("pk", flat=True))
    found = {}
    rows = Session.objects.exclude(place_key="").filter(place_record__isnull=True).order_by("starts_at", "pk")
    for key, place, organisation in rows.values_list("place_key", "place", "organisation").iterator():
        names, organisations = found.setdefault(key, ([], set()))
        names[:] = [place]
        organisations.add(organisation)
    for key, ((name,), organisations) in found.items():
        # A room several branches were taught in belongs to none of them.
        owner = organisations.pop() if len(organisations) == 1 else None
        record = Place.objects.create(
            name=name, organisation_id=owner, kind="site" if owner in customers else "room", is_active=True
        )
        PlaceName.objects.create(place=record, name=name)
        Session.objects.filter(place_key=key, place_record__isnull=True).update(place_record=record)


class Migration(migrations.Migration):
    """Places of sessions become records."""

    dependencies = [("courses", "0070_places")]

    operations = [migrations.RunPython(make_records, migrations.RunPython.noop)]
