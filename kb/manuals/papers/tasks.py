"""Background task that makes the PDF of an edition."""

from django_tasks import task

from kb.manuals.papers.making import make


# After letters and search: a long manual takes minutes.
@task(priority=-20)
def make_paper(paper_pk: int) -> bool:
    """Make a paper in its language; return whether it was made. Run again, it makes no second one."""
    return make(paper_pk)
