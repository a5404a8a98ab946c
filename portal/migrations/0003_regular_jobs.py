from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0002_pages_and_media"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobState",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="known since")),
                ("due_at", models.DateTimeField(verbose_name="next run")),
                ("queued_at", models.DateTimeField(blank=True, null=True, verbose_name="queued")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="last started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="last finished")),
                ("succeeded_at", models.DateTimeField(blank=True, null=True, verbose_name="last succeeded")),
                ("error", models.TextField(blank=True, verbose_name="error")),
            ],
            options={
                "verbose_name": "regular job",
                "verbose_name_plural": "regular jobs",
                "ordering": ["name"],
            },
        ),
    ]
