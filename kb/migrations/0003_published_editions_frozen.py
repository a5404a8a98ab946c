from django.db import migrations

from kb import triggers


class Migration(migrations.Migration):
    """The database keeps published editions as they are."""

    dependencies = [("kb", "0002_richer_articles")]

    operations = [migrations.RunPython(triggers.install, triggers.remove, elidable=False)]
