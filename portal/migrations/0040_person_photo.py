import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A person's photo is a personal document, not an image of the library. No page ever set the image."""

    dependencies = [("portal", "0022_scans_and_notices")]

    operations = [
        migrations.RemoveField("person", "photo"),
        migrations.AddField(
            "person",
            "photo",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="portal.portaldocument",
                verbose_name="photo",
            ),
        ),
    ]
