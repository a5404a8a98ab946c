"""The reader's own certification: standing of each scheme and next steps."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certification.training_file.queries import files_of, statutory_of


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show each scheme that concerns the reader with its steps, and the reader's certificates."""
    context = {"files": files_of(request.user), "cards": statutory_of(request.user)}
    return render(request, "certification/training_file/mine.html", context)
