import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import certification.models.evidence_samples
from certification.certificates.short_numbers import new_short_number


def give_short_numbers(apps, schema_editor):
    """Give each certificate there is a short number."""
    Certificate = apps.get_model("certification", "Certificate")
    for certificate in Certificate.objects.filter(short_number=None).only("pk").iterator():
        certificate.short_number = new_short_number()
        certificate.save(update_fields=["short_number"])


class Migration(migrations.Migration):
    """Short numbers of certificates, evidence samples, certificates of training, company documents."""

    dependencies = [('courses', '0001_initial'), migrations.swappable_dependency(settings.AUTH_USER_MODEL), ('portal', '0040_person_photo'), ("certification", "0030_schemes")]

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
        migrations.CreateModel(
            name='EvidenceSample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked at')),
                ('task', models.CharField(choices=[('operate', 'Operate'), ('maintain', 'Maintain'), ('repair', 'Repair'), ('install', 'Install'), ('commission', 'Commission')], max_length=10, verbose_name='task')),
                ('on', models.DateField(verbose_name='day')),
                ('known_at', models.DateTimeField(verbose_name='as known at')),
                ('size', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='number drawn')),
                ('seed', models.PositiveBigIntegerField(verbose_name='seed')),
                ('candidates', models.PositiveIntegerField(default=0, verbose_name='drawn from')),
                ('drawn', models.JSONField(default=list, verbose_name='staff numbers drawn')),
                ('state', models.CharField(choices=[('queued', 'Waiting to be made'), ('working', 'Being made'), ('ready', 'Ready'), ('failed', 'Could not be made')], default='queued', max_length=8, verbose_name='state')),
                ('file', models.FileField(blank=True, upload_to=certification.models.evidence_samples._file_name, verbose_name='file')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='made at')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('equipment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.equipmentmodel', verbose_name='equipment model')),
            ],
            options={
                'verbose_name': 'evidence sample',
                'verbose_name_plural': 'evidence samples',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'working', 'ready', 'failed'])), name='sample_state_known', violation_error_message='The sample is in an unknown state.'), models.CheckConstraint(condition=models.Q(('size__range', (1, 50))), name='sample_size_bounded', violation_error_message='A sample has between 1 and 50 people.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('file', ''), _negated=True), _connector='OR'), name='sample_ready_has_file', violation_error_message='A finished sample has a file.')],
            },
        ),
        migrations.CreateModel(
            name='TrainingCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='certificate number')),
                ('short_number', models.CharField(max_length=11, unique=True, verbose_name='short number')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('organisation', models.CharField(max_length=200, verbose_name='organisation')),
                ('title', models.CharField(max_length=160, verbose_name='training')),
                ('place', models.CharField(blank=True, max_length=160, verbose_name='training place')),
                ('trainer', models.CharField(blank=True, max_length=60, verbose_name='trainer')),
                ('modules', models.JSONField(default=list, verbose_name='training modules')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                ('started_on', models.DateField(verbose_name='from')),
                ('ended_on', models.DateField(verbose_name='to')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='issued at')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
                ('nominee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='training_certificates', to='courses.nominee', verbose_name='named person')),
                ('times', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='courses.nomineetimes', verbose_name='times on the sheet')),
            ],
            options={
                'verbose_name': 'certificate of training',
                'verbose_name_plural': 'certificates of training',
                'ordering': ['-issued_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='training_certificate_has_hours', violation_error_message='Without hours there is no certificate of training.'), models.CheckConstraint(condition=models.Q(('ended_on__gte', models.F('started_on'))), name='training_certificate_in_order', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='CompanyDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('licence', 'Licence'), ('insurance', 'Insurance'), ('other', 'Other document')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(help_text='As printed on it.', max_length=120, verbose_name='name')),
                ('number', models.CharField(max_length=60, verbose_name='number')),
                ('issuer', models.CharField(blank=True, max_length=120, verbose_name='issued by')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(verbose_name='valid to')),
                ('lead_days', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MaxValueValidator(730)], verbose_name='remind days before')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='withdrawn on')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='company_documents', to='portal.organisation', verbose_name='organisation')),
                ('recorded_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.portaldocument', verbose_name='scan')),
            ],
            options={
                'verbose_name': 'company document',
                'verbose_name_plural': 'company documents',
                'ordering': ['valid_to', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'number', 'valid_from'), name='company_document_once', violation_error_message='This document is on record already.'), models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='company_document_in_order', violation_error_message='The last day lies before the first.'), models.CheckConstraint(condition=models.Q(('kind__in', ['licence', 'insurance', 'other'])), name='company_document_kind_known', violation_error_message='Choose one of the kinds offered.')],
            },
        ),
    ]
