"""Page of the editing area: whom a revision of an article or a guide touches, before its verdict is given."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kb.models import DiagnosisGuide, FaultArticle
from portal.admin.drafts import edit_url
from portal.registry.revisions import touched_by

MODELS = {model._meta.model_name: model for model in (FaultArticle, DiagnosisGuide)}


@require_safe
def touched(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Count the holders, by qualification, for the record as it was last saved."""
    model = MODELS.get(kind)
    if model is None:
        raise Http404
    if not request.user.has_perm(f"kb.change_{kind}"):
        raise PermissionDenied
    record = get_object_or_404(model.objects.select_related("category"), pk=pk)
    context = {"record": record, "touched": touched_by(record), "edit_url": edit_url(record)}
    return render(request, "kb/manuals/admin/touched.html", context)
