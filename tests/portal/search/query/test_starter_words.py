"""The starter lists of synonyms and the home page: there once, whatever editors do to them afterwards."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, Site

from portal.models import HomePage, StarterList, SynonymGroup
from portal.registry.starter import starters
from portal.search.query import starter_words
from portal.search.query.starter_words import load_starter_words

pytestmark = pytest.mark.django_db


def test_lists_are_loaded_once():
    assert sum(load_starter_words().values()) == 1102
    assert SynonymGroup.objects.count() == 1102
    assert load_starter_words() == {}
    assert SynonymGroup.objects.count() == 1102


def test_what_editors_deleted_or_changed_stays_so():
    load_starter_words()
    SynonymGroup.objects.get(words="冷库、冻库、冷藏库、冷冻库").delete()
    changed = SynonymGroup.objects.get(words="不转、不运转、转不动、转不起来、停转")
    changed.words = "不转、停转"
    changed.save()
    load_starter_words()
    assert SynonymGroup.objects.count() == 1101
    assert not SynonymGroup.objects.filter(words__contains="冻库、冷藏库").exists()
    assert not SynonymGroup.objects.filter(words__contains="转不起来").exists()


def test_a_group_editors_had_already_is_not_doubled():
    mine = SynonymGroup.objects.create(words="冻库、冷库、冷冻库、冷藏库", kind="equal", note="我们的")
    assert sum(load_starter_words().values()) == 1101
    assert [group for group in SynonymGroup.objects.all() if set(group.terms) == set(mine.terms)] == [mine]


def test_a_list_of_a_later_version_is_still_loaded(tmp_path, monkeypatch):
    load_starter_words()
    SynonymGroup.objects.all().delete()
    rows = '[{"terms": ["制冰机", "冰机"], "kind": "equal", "field": "冷冻", "note": ""}]'
    (tmp_path / "more.json").write_text(rows, encoding="utf-8")
    monkeypatch.setattr(starter_words, "FOLDER", tmp_path)
    monkeypatch.setattr(starter_words, "LISTS", (*starter_words.LISTS, "more"))
    assert load_starter_words() == {"more": 1}
    assert [group.words for group in SynonymGroup.objects.all()] == ["制冰机、冰机"]


def test_a_new_installation_gets_a_home_page_in_place_of_wagtails(capsys):
    call_command("load_starter_content")
    assert capsys.readouterr().out.startswith("1102 groups of synonyms loaded\n")
    assert list(Page.objects.filter(depth=2).values_list("slug", flat=True)) == ["front"]
    assert Site.objects.get().root_page.specific == HomePage.objects.get()


def test_starter_content_leaves_an_editors_home_page_alone(capsys):
    call_command("load_starter_content", verbosity=0)
    home = HomePage.objects.get()
    home.title, home.slug = "服务门户", "door"
    home.save_revision().publish()
    call_command("load_starter_content")
    assert capsys.readouterr().out == ""
    assert [(page.title, page.slug) for page in HomePage.objects.all()] == [("服务门户", "door")]
    assert set(StarterList.objects.values_list("name", flat=True)) == {*starter_words.LISTS, *starters()}
