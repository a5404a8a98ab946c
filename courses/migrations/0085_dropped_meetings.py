import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Each person's calendar is told of every dropped meeting, once."""

    dependencies = [("courses", "0082_of_one_meeting")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="last_drop_told",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="courses.droppedmeeting",
            ),
        ),
    ]
