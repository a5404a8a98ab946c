from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0006_names_of_the_organisation'),
    ]

    operations = [
        migrations.CreateModel(
            name='StarterList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('loaded_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
