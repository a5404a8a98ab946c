from django.db import migrations

from kb import triggers


class Migration(migrations.Migration):
    """The database keeps published editions as they are."""

    dependencies = [("kb", "0001_initial")]

    operations = [migrations.RunPython(triggers.install, triggers.remove, elidable=False)]
