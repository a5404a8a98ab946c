
import courses.models.places
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("courses", "0057_yearly_plans"),
        ('portal', '0040_person_photo'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('key', courses.models.places.PlaceKeyField(editable=False, max_length=160, of='name', unique=True)),
            ],
            options={
                'verbose_name': 'name of a place',
                'verbose_name_plural': 'names of places',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('kind', models.CharField(choices=[('room', 'Own room'), ('site', "Customer's site")], default='room', max_length=8, verbose_name='kind')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, help_text='Empty if nobody counted.', null=True, verbose_name='people it holds')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('organisation', models.ForeignKey(blank=True, help_text='The outlet that has the room, or the customer; empty for what everybody uses.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='training_places', to='portal.organisation', verbose_name='belongs to')),
            ],
            options={
                'verbose_name': 'place of training',
                'verbose_name_plural': 'places of training',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='session',
            name='place_record',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='courses.place', verbose_name='place of training'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['place_record', 'starts_at'], name='session_by_place_record'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['place_key', 'starts_at'], name='session_by_place_key'),
        ),
        migrations.AddField(
            model_name='placename',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='courses.place'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__isnull', True), ('capacity__gt', 0), _connector='OR'), name='place_holds_somebody', violation_error_message='A place holds at least one person; leave it empty if nobody counted.'),
        ),
    ]
