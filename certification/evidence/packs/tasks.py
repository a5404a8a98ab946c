"""Background task that makes the packs of a sample."""

from django.conf import settings
from django.utils import translation
from django_tasks import task

from certification.evidence.packs.domain import make_sample


# After letters and search: fifty packs take minutes.
@task(priority=-20)
def make_sample_file(pk: int) -> bool:
    """Make the file of a sample in the language of the portal; return whether it was made."""
    with translation.override(settings.LANGUAGE_CODE):
        return make_sample(pk)
