from django.db import migrations

from courses.models.places import place_key

LENGTH = 160


def recompute(apps, schema_editor):
    """Write the keys of places anew: what nobody sees and which hyphen was typed make no other place any more."""
    for name in ("Session", "Meeting", "TrainingRequest"):
        model = apps.get_model("courses", name)
        for pk, place, key in model.objects.exclude(place="").values_list("pk", "place", "place_key").iterator():
            if (now := place_key(place)[:LENGTH]) != key:
                model.objects.filter(pk=pk).update(place_key=now)
    PlaceName = apps.get_model("courses", "PlaceName")
    rows = list(PlaceName.objects.order_by("pk").values_list("pk", "place", "name", "key"))
    taken = {key: place for _pk, place, _name, key in rows}
    for pk, place, name, key in rows:
        now = place_key(name)[:LENGTH]
        if now == key:
            continue
        if now not in taken:
            PlaceName.objects.filter(pk=pk).update(key=now)
            taken[now] = place
        elif taken[now] == place:
            PlaceName.objects.filter(pk=pk).delete()
        # Else two records were one place all along: both stay until somebody who knows them merges them.


class Migration(migrations.Migration):
    """Keys of places by the one normaliser of typed text."""

    dependencies = [("courses", "0085_dropped_meetings")]

    operations = [migrations.RunPython(recompute, migrations.RunPython.noop)]
