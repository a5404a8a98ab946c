import django.core.validators
import django.db.models.functions.text
import portal.models.keys
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('staff_number', models.CharField(max_length=30, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$', 'A staff number is letters, digits, “-” and “_”, 30 at most.')], verbose_name='staff number')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email')),
                ('mobile', models.CharField(blank=True, max_length=20, verbose_name='mobile')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('joined_on', models.DateField(blank=True, null=True, verbose_name='joined on')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('unread_notices', models.PositiveIntegerField(default=0, editable=False)),
                ('staff_number_key', portal.models.keys.NumberKey(blank=True, db_index=True, default='', editable=False, max_length=30, source='staff_number')),
                ('name_key', portal.models.keys.NameKey(blank=True, db_index=True, default='', editable=False, max_length=200, source='name')),
                ('name_pinyin', portal.models.keys.PinyinKey(blank=True, db_index=True, default='', editable=False, initials=False, is_person=True, max_length=200, source='name')),
                ('name_initials', portal.models.keys.PinyinKey(blank=True, db_index=True, default='', editable=False, initials=True, is_person=True, max_length=200, source='name')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['staff_number'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('staff_number'), name='staff_number_once_any_case', violation_error_message='Somebody already has this staff number.')],
            },
        ),
    ]
