"""The page of a machine type: guides, manuals, modules, who may work on it, its machines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.access.sight import units_in_sight
from portal.equipment.statutory import demands_on
from portal.models import EquipmentModel
from portal.registry.learning import Matter, lessons_on
from portal.registry.tiles import model_tiles


@require_safe
def model_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show all there is about a model, each part as the reader may see it; its name is no secret."""
    model = get_object_or_404(EquipmentModel.objects.select_related("category").prefetch_related("aliases"), code=code)
    context = {
        "model": model,
        "panels": model_tiles(request, model),
        "lessons": lessons_on(Matter(model.category, [model]), request.user),
        "demands": demands_on([model]),
        "units": units_in_sight(request.user).filter(model=model).count(),
    }
    return render(request, "portal/equipment/model.html", context)
