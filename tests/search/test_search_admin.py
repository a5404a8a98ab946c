"""Search in the admin: who may maintain synonyms, and what the report counts."""

import uuid

import pytest
from django.urls import reverse

from portal.enums import Role
from portal.models import SearchRecord, SynonymGroup
from portal.roles import synchronise_roles
from portal.search.reports import asked
from tests.factories.portal import PersonFactory


def searched(query, **facts):
    defaults = {"token": str(uuid.uuid4()), "query": query, "folded": query.lower(), "total": 3}
    return SearchRecord.objects.create(**defaults | facts)


@pytest.fixture
def editor(db):
    synchronise_roles()
    return PersonFactory(roles=[Role.EDITOR])


def test_searches_are_counted_by_what_was_asked(db):
    searched("冰柜", total=0)
    first = searched("冰柜")
    searched("冷柜", reformulates=first, clicked_ref="RF-FROST", is_solved=True)
    rows = {row["folded"]: row for row in asked()}
    assert (rows["冰柜"]["times"], rows["冰柜"]["without_result"], rows["冰柜"]["reformulated"]) == (2, 1, 1)
    assert (rows["冷柜"]["without_click"], rows["冷柜"]["solved"]) == (0, 1)
    assert [row["folded"] for row in asked(trouble="without_result")] == ["冰柜"]
    assert [row["folded"] for row in asked(trouble="unsolved")] == []


def test_an_editor_reads_the_report(editor, client_of):
    searched("飞碟", total=0)
    searched("冰柜")
    client = client_of(editor)
    assert "飞碟" in client.get(reverse("search_use_report")).content.decode()
    html = client.get(reverse("search_use_report_results"), {"trouble": "without_result"}).content.decode()
    assert "飞碟" in html
    assert "冰柜" not in html
    assert client.get(reverse("search_use_report"), {"ordering": "-without_result"}).status_code == 200


def test_a_technician_does_not(db, client_of):
    synchronise_roles()
    client = client_of(PersonFactory(roles=[Role.ENGINEER]))
    assert client.get(reverse("search_use_report")).status_code == 302


def test_an_editor_adds_synonyms(editor, client_of):
    client = client_of(editor)
    form = {"words": "趴窝，不启动\n罢工", "kind": "equal", "field": "口语", "note": "", "is_active": "on"}
    assert client.post(reverse("synonyms:add"), form).status_code == 302
    assert SynonymGroup.objects.get().terms == ["趴窝", "不启动", "罢工"]
    answer = client.post(reverse("synonyms:add"), form | {"words": "孤零零"})
    assert answer.status_code == 200
    assert SynonymGroup.objects.count() == 1
    assert "趴窝" in client.get(reverse("synonyms:index")).content.decode()
