"""Find equipment models by code, name, alias, serial number, category, pinyin, or the scanned label of a unit."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from portal.access.lookup.people import found_or_raise, sound_of
from portal.access.sight import units_in_sight
from portal.enums import TokenPurpose
from portal.errors import AmbiguousEquipment, Candidate, DomainError, UnknownEquipment
from portal.models import AccessToken, EquipmentAlias, EquipmentCategory, EquipmentModel, EquipmentUnit
from portal.typed import name_key, number_form, number_key, pinyin_of, scanned, unlabelled

Models = list[EquipmentModel]
# Models offered for one text.
OFFERED = 40
# No primary key has more digits.
MAX_DIGITS = 18
# A model as pages show it: 冷库 RF-LK, 冷库（RF-LK）.
_SHOWN = re.compile(r"^(?P<name>.+?)(?:\((?P<bracketed>[^()]+)\)|\s+(?P<code>[-\w]+))$", re.ASCII)


def find_equipment(text: str, asker: Any = None) -> EquipmentModel:
    """Return the one model that is meant by a code, name, alias, serial number, category, pinyin or scanned label.

    Args:
        asker: whose machines serial numbers are looked up among; nobody's when left out.

    Raises:
        UnknownEquipment: nothing answers to it.
        AmbiguousEquipment: several models do, such as those of a category; they are listed.
    """
    return found_or_raise(find_equipments([text], asker)[text])


def find_equipments(texts: Collection[str], asker: Any = None) -> dict[str, EquipmentModel | DomainError]:
    """Return the model for each text, or why there is none: two queries when all are codes or names, nine at most.

    A code goes before a model's own name, before aliases and categories together, before a serial number, before
    pinyin. The errors are those of :func:`find_equipment`.
    """
    wanted = {text: unlabelled(text) for text in texts}
    found: dict[str, Models] = {}
    for step in (_by_scan, _by_code_or_name, _by_alias_or_category, _by_serial, _as_shown, _by_sound):
        left = {text: typed for text, typed in wanted.items() if typed and text not in found}
        if left:
            found |= {text: models for text, models in step(left, asker).items() if models}
    return {text: _answer(text, found.get(text, [])) for text in wanted}


def _answer(text: str, models: Models) -> EquipmentModel | DomainError:
    if len(models) == 1:
        return models[0]
    if not models:
        return UnknownEquipment(equipment=text.strip()[:60])
    listed = sorted(models, key=lambda model: (model.category.path, model.code))[:OFFERED]
    choices = [Candidate(model.code, f"{model.name} {model.code}") for model in listed]
    return AmbiguousEquipment(choices, equipment=text.strip()[:60])


def _by_scan(wanted: dict[str, str], asker: Any) -> dict[str, Models]:
    found: dict[str, Models] = {}
    for text, typed in wanted.items():
        address = scanned(typed)
        if address is None:
            continue
        unit = unit_of(address.key) if address.place == "e" else None
        if address.place == "units" and is_key(address.key):
            unit = units_in_sight(asker).filter(pk=address.key).first()
        found[text] = [unit.model] if unit else []
    return found


def unit_of(secret: str) -> EquipmentUnit | None:
    """Return the machine a label's secret belongs to; None for a wrong or revoked one."""
    token = AccessToken.objects.find(TokenPurpose.UNIT, secret)
    if token is None:
        return None
    number = token.subject.removeprefix("unit:")
    return EquipmentUnit.objects.select_related("model__category", "customer").filter(pk=number).first()


def units_matching(units: QuerySet[EquipmentUnit], text: str) -> QuerySet[EquipmentUnit]:
    """Narrow a list of machines to those with what was typed in serial number, model, alias, customer or place.

    What means models to :func:`find_equipment`, such as a category, means their machines here.
    """
    address, typed = scanned(text), unlabelled(text)
    if address is not None:
        unit = unit_of(address.key) if address.place == "e" else None
        if address.place == "units" and is_key(address.key):
            return units.filter(pk=address.key)
        return units.filter(pk=unit.pk) if unit else units.none()
    name, number = name_key(typed), number_key(typed)
    means = Q(customer__name__icontains=typed) | Q(place__icontains=typed)
    if name:
        means |= Q(model__name_key__contains=name) | Q(model__aliases__name_key__contains=name)
        means |= Q(serial_key__contains=number)
    for step in _OF_MODELS:
        if models := step({text: typed}, None).get(text):
            return units.filter(means | Q(model__in=[model.pk for model in models]))
    return units.filter(means)


def is_key(text: str) -> bool:
    """Whether a part of an address can be a primary key."""
    return text.isdecimal() and len(text) <= MAX_DIGITS


def _by_code_or_name(wanted: dict[str, str], asker: Any) -> dict[str, Models]:
    codes: dict[str, Models] = defaultdict(list)
    names: dict[str, Models] = defaultdict(list)
    means = Q(code_key__in=_keys(wanted, number_key)) | Q(name_key__in=_keys(wanted, name_key))
    for model in EquipmentModel.objects.select_related("category").filter(means):
        codes[model.code_key].append(model)
        names[model.name_key].append(model)
    found = {}
    for text, typed in wanted.items():
        alike = codes.get(number_key(typed), []) if number_key(typed) else []
        found[text] = (
            [model for model in alike if number_form(model.code) == number_form(typed)]
            or [model for model in alike if name_key(model.code) == name_key(typed)]
            or names.get(name_key(typed), [])
            or alike
        )
    return found


def _by_alias_or_category(wanted: dict[str, str], asker: Any) -> dict[str, Models]:
    keys = _keys(wanted, name_key)
    found: dict[str, Models] = defaultdict(list)
    for alias in EquipmentAlias.objects.filter(name_key__in=keys).select_related("model__category"):
        found[alias.name_key].append(alias.model)
    for key, models in _of_categories(keys, _category_keys).items():
        found[key] += models
    return {text: _once(found[name_key(typed)]) for text, typed in wanted.items() if name_key(typed)}


def _by_serial(wanted: dict[str, str], asker: Any) -> dict[str, Models]:
    found: dict[str, list[EquipmentUnit]] = defaultdict(list)
    for unit in units_in_sight(asker).filter(serial_key__in=_keys(wanted, number_key)):
        found[unit.serial_key].append(unit)
    answers = {}
    for text, typed in wanted.items():
        units = found[number_key(typed)]
        exact = [unit for unit in units if number_form(unit.serial) == number_form(typed)]
        answers[text] = _once(unit.model for unit in exact or units)
    return answers


def _as_shown(wanted: dict[str, str], asker: Any) -> dict[str, Models]:
    """Read a name with its code, as pages show it; both must be those of one model."""
    shown = {text: match for text, typed in wanted.items() if (match := _SHOWN.match(typed))}
    codes = {text: match["bracketed"] or match["code"] for text, match in shown.items()}
    found = _by_code_or_name(codes, asker) if codes else {}
    return {
        text: [model for model in models if model.name_key == name_key(shown[text]["name"])]
        for text, models in found.items()
    }


def _by_sound(wanted: dict[str, str], asker: Any) -> dict[str, Models]:
    sounds = {text: sound for text, typed in wanted.items() if (sound := sound_of(typed))}
    if not sounds:
        return {}
    heard = set(sounds.values())
    means = Q(name_pinyin__in=heard) | Q(name_initials__in=heard)
    full: dict[str, Models] = defaultdict(list)
    initials: dict[str, Models] = defaultdict(list)
    named: list[tuple[Any, EquipmentModel]] = [
        (model, model) for model in EquipmentModel.objects.select_related("category").filter(means)
    ]
    aliases = EquipmentAlias.objects.select_related("model__category").filter(means)
    for record, model in named + [(alias, alias.model) for alias in aliases]:
        full[record.name_pinyin].append(model)
        initials[record.name_initials].append(model)
    for sound, models in _of_categories(heard, _category_sounds).items():
        full[sound] += models
    return {text: _once(full[sound] or initials[sound]) for text, sound in sounds.items()}


# The steps that need no machine: by them a list of machines knows what the gate does.
_OF_MODELS = (_by_code_or_name, _by_alias_or_category, _as_shown, _by_sound)


def _category_keys(category: EquipmentCategory) -> set[str]:
    return {name_key(word) for word in (category.code, category.name, category.name_en, *category.aliases)}


def _category_sounds(category: EquipmentCategory) -> set[str]:
    return {pinyin_of(word)[0] for word in (category.name, *category.aliases)}


def _of_categories(wanted: set[str], keys_of: Any) -> dict[str, Models]:
    """Return the models at or below the categories that answer to a key."""
    places: dict[str, list[str]] = defaultdict(list)
    for category in EquipmentCategory.objects.order_by("path"):
        for key in (keys_of(category) - {""}) & wanted:
            places[key].append(category.path)
    if not places:
        return {}
    below = Q(pk__in=())
    for path in {path for paths in places.values() for path in paths}:
        below |= Q(category__path__startswith=path)
    models = list(EquipmentModel.objects.select_related("category").filter(below))
    return {
        key: [model for model in models if model.category.path.startswith(tuple(paths))]
        for key, paths in places.items()
    }


def _keys(wanted: dict[str, str], key_of: Any) -> set[str]:
    return {key_of(typed) for typed in wanted.values()} - {""}


def _once(models: Iterable[EquipmentModel]) -> Models:
    return list({model.pk: model for model in models}.values())
