"""The text of a file moves to a table of its own, which lists of documents do not load."""

import django.db.models.deletion
from django.db import migrations, models


def move_texts(apps, schema_editor):
    """Keep what was read; without a hash the file is read again when its document is saved."""
    documents = apps.get_model("portal", "PortalDocument").objects.exclude(text="")
    text = apps.get_model("portal", "DocumentText")
    for document in documents.iterator(chunk_size=100):
        text.objects.create(document=document, text=document.text, file_name=document.file.name, file_hash="")


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_regular_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentText",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reading",
                        serialize=False,
                        to="portal.portaldocument",
                        verbose_name="document",
                    ),
                ),
                ("text", models.TextField(help_text="Every page of a PDF ends with a form feed.", verbose_name="text")),
                ("file_name", models.CharField(max_length=255)),
                ("file_hash", models.CharField(max_length=40)),
            ],
            options={
                "verbose_name": "text of a document",
                "verbose_name_plural": "texts of documents",
            },
        ),
        migrations.RunPython(move_texts, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="portaldocument",
            name="text",
        ),
    ]
