from django.db import migrations, models

from certification.certificates.short_numbers import new_short_number


def give_short_numbers(apps, schema_editor):
    """Give each certificate there is a short number."""
    Certificate = apps.get_model("certification", "Certificate")
    for certificate in Certificate.objects.filter(short_number=None).only("pk").iterator():
        certificate.short_number = new_short_number()
        certificate.save(update_fields=["short_number"])


class Migration(migrations.Migration):
    """Short numbers of certificates."""

    dependencies = [("certification", "0020_questions")]

    operations = [
        migrations.AddField(
            "certificate",
            "short_number",
            models.CharField(max_length=11, null=True, unique=True, verbose_name="short number"),
        ),
        migrations.RunPython(give_short_numbers, migrations.RunPython.noop),
        migrations.AlterField(
            "certificate",
            "short_number",
            models.CharField(max_length=11, unique=True, verbose_name="short number"),
        ),
    ]
