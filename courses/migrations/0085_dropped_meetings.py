import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Each person's calendar is told of every dropped meeting, once; that of a room of its own."""

    dependencies = [("courses", "0082_of_one_meeting")]

    operations = [
        migrations.AddField(
            model_name="droppedmeeting",
            name="place_record",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="courses.place",
                verbose_name="place of training",
            ),
        ),
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
