"""No grant rests on the holder's own change of the bar: until somebody else has confirmed it, the award waits."""

from django.utils import timezone

from certification.models import Scheme
from portal.bar.earlier import MODEL, Earlier, Ground, unsettled_since
from portal.models import EquipmentModel, Person


def is_held_back(person: Person, scheme: Scheme) -> bool:
    """Whether a change of the person that waits for a second person is about what the scheme is about.

    One query where none waits.
    """
    changes = unsettled_since(timezone.now(), changed_by=person)
    if not changes:
        return False
    scopes = list(scheme.scopes.select_related("category", "model"))
    models = {scope.model_id for scope in scopes if scope.model_id}
    paths = {scope.category.path for scope in scopes if scope.category}
    posts = set(scheme.positions.values_list("pk", flat=True))
    if not scopes and not posts:
        # About everything.
        return True
    changed = [change.record for change in changes if change.label == MODEL]
    places = EquipmentModel.objects.filter(pk__in=changed).values_list("category__path", flat=True) if changed else ()
    if any(place.startswith(path) for place in places for path in paths):
        return True
    # The categories of machines named singly: what is moved or ruled there is about them.
    above = {scope.model.category_id for scope in scopes if scope.model}
    ground = Ground.read(changes)
    paths |= {ground.categories[key].path for key in above if key in ground.categories}
    return Earlier(changes, ground).touches(models, paths, posts)
