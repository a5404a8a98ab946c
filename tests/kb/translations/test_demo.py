"""The demo's versions: three articles, a guide, two bulletins, a manual with its chapters; one is behind its source."""

import pytest

from kb.models import ContentTranslation
from kb.translations.demo import load_translations
from kb.translations.passages import passages_of
from kb.translations.staleness import changes_of, untranslated
from portal.registry.demo import loaders

pytestmark = pytest.mark.django_db
STEPS = (
    "settings",
    "organisations",
    "positions",
    "equipment",
    "statutory",
    "people",
    "manuals",
    "faults",
    "guides",
    "bulletins",
)


def test_demo_versions_are_whole_and_one_is_behind():
    for loader in loaders():
        if loader.name in STEPS:
            loader.load()
    assert load_translations() == {"translations": 11}
    assert load_translations() == {"translations": 0}
    versions = list(ContentTranslation.objects.filter(live=True))
    passages = {version.pk: passages_of(version.source) for version in versions}
    assert [untranslated(version, passages[version.pk]) for version in versions] == [0] * 11
    behind = {str(version): len(changes_of(version, passages[version.pk])) for version in versions}
    assert {name: count for name, count in behind.items() if count} == {"RF-SWEAT 柜体外表凝露、滴水 · en": 2}
