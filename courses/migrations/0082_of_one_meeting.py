import django.db.models.deletion
from django.db import migrations, models

ALREADY_SCANNED = "This person has scanned the code already."


class Migration(migrations.Migration):
    """Whatever is recorded is recorded of a meeting, once a person."""

    dependencies = [("courses", "0081_meetings_of_sessions")]

    operations = [
        *(
            migrations.AlterField(
                model_name=model,
                name="meeting",
                field=models.ForeignKey(
                    on_delete=on_delete, related_name=related_name, to="courses.meeting", verbose_name="meeting"
                ),
            )
            for model, related_name, on_delete in (
                ("attendance", "attendances", django.db.models.deletion.PROTECT),
                ("nomineetimes", "named_times", django.db.models.deletion.PROTECT),
                ("arrival", "arrivals", django.db.models.deletion.CASCADE),
            )
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("enrolment", "meeting"),
                name="attended_once_a_meeting",
                violation_error_message="The attendance of this meeting is on record already.",
            ),
        ),
        migrations.RemoveConstraint(model_name="nomineetimes", name="nominee_times_once_a_number"),
        migrations.AddConstraint(
            model_name="nomineetimes",
            constraint=models.UniqueConstraint(
                fields=("nominee", "meeting", "number"), name="nominee_times_once_a_number"
            ),
        ),
        migrations.RemoveConstraint(model_name="arrival", name="person_arrives_once"),
        migrations.RemoveConstraint(model_name="arrival", name="nominee_arrives_once"),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False)),
                fields=("meeting", "person"),
                name="person_arrives_once",
                violation_error_message=ALREADY_SCANNED,
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.UniqueConstraint(
                condition=models.Q(("nominee__isnull", False)),
                fields=("meeting", "nominee"),
                name="nominee_arrives_once",
                violation_error_message=ALREADY_SCANNED,
            ),
        ),
    ]
