"""Which modules may come before another: published ones, never a template, and in no circle."""

from collections import defaultdict
from collections.abc import Iterable

from courses.models import TrainingModule


def unfit_prerequisites(wanted: Iterable[TrainingModule]) -> list[TrainingModule]:
    """Return the modules nobody could be credited: drafts and templates."""
    return [module for module in wanted if module.is_template or not module.live]


def circle_through(module: TrainingModule, wanted: Iterable[TrainingModule]) -> list[TrainingModule]:
    """Return the modules of a circle that would arise if ``wanted`` came before ``module``, from it back to it.

    Nothing if there is none. The prerequisites of all modules are read at once, however long the way is.
    """
    if module.pk is None:
        return []
    before: dict[int, list[int]] = defaultdict(list)
    for later, earlier in TrainingModule.prerequisites.through.objects.values_list(
        "from_trainingmodule", "to_trainingmodule"
    ):
        before[later].append(earlier)
    before[module.pk] = [one.pk for one in wanted]
    way = _way_back(module.pk, before)
    found = TrainingModule.objects.in_bulk(way)
    return [found[key] for key in way]


def _way_back(start: int, before: dict[int, list[int]]) -> list[int]:
    """Return the shortest way from ``start`` back to it, both ends included; nothing where none leads there."""
    came_from: dict[int, int] = {}
    queue = [start]
    for key in queue:
        for earlier in before.get(key, []):
            if earlier == start:
                way = [start]
                while key != start:
                    way.append(key)
                    key = came_from[key]
                return [start, *way[::-1]]
            if earlier not in came_from:
                came_from[earlier] = key
                queue.append(earlier)
    return []
