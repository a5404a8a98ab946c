import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

import courses.models.places


class Migration(migrations.Migration):
    """Sessions get meetings; attendance, scans and times of named people are those of a meeting."""

    dependencies = [("courses", "0073_clash_policy")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="meeting_count",
            field=models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="number of meetings"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("meeting_count__gt", 0)),
                name="session_has_a_meeting",
                violation_error_message="A session has at least one meeting.",
            ),
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="no.")),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("break_minutes", models.PositiveSmallIntegerField(default=0, verbose_name="minutes of breaks")),
                ("place", models.CharField(max_length=160, verbose_name="training place")),
                (
                    "place_key",
                    courses.models.places.PlaceKeyField(default="", editable=False, max_length=160, of="place"),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "place_record",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="courses.place",
                        verbose_name="place of training",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="courses.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["starts_at", "pk"],
                "indexes": [
                    models.Index(fields=["starts_at"], name="meeting_by_start"),
                    models.Index(fields=["place_record", "starts_at"], name="meeting_by_place_record"),
                    models.Index(fields=["place_key", "starts_at"], name="meeting_by_place_key"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "number"),
                        name="meeting_once_a_number",
                        violation_error_message="The session has a meeting of this number already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="meeting_ends_after_start",
                        violation_error_message="A meeting must end after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)),
                        name="meeting_has_a_number",
                        violation_error_message="Meetings are numbered from one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DroppedMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(editable=False, unique=True)),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("place", models.CharField(max_length=160, verbose_name="training place")),
                ("dropped_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dropped_meetings",
                        to="courses.session",
                    ),
                ),
            ],
            options={
                "verbose_name": "dropped meeting",
                "verbose_name_plural": "dropped meetings",
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.AlterField(
            model_name="attendance",
            name="enrolment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="courses.enrolment"
            ),
        ),
        *(
            migrations.AddField(
                model_name=model,
                name="meeting",
                field=models.ForeignKey(
                    null=True,
                    on_delete=on_delete,
                    related_name=related_name,
                    to="courses.meeting",
                    verbose_name="meeting",
                ),
            )
            for model, related_name, on_delete in (
                ("attendance", "attendances", django.db.models.deletion.PROTECT),
                ("nomineetimes", "named_times", django.db.models.deletion.PROTECT),
                ("arrival", "arrivals", django.db.models.deletion.CASCADE),
            )
        ),
    ]
