from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0004_document_text'),
    ]

    operations = [
        migrations.AddField(
            model_name='searchrecord',
            name='case_ref',
            field=models.CharField(blank=True, max_length=60, verbose_name='led to case'),
        ),
        migrations.AddField(
            model_name='searchrecord',
            name='channel',
            field=models.CharField(choices=[('page', 'Page'), ('no_script', 'Page without scripts'), ('api', 'Program (API)')], default='page', max_length=9, verbose_name='channel'),
        ),
        migrations.AddField(
            model_name='searchrecord',
            name='times',
            field=models.PositiveIntegerField(default=1, verbose_name='times'),
        ),
    ]
