"""Search in the admin: who may maintain synonyms, and what the report counts."""

import codecs
import csv
import io
import re
import uuid

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import SearchRecord, SynonymGroup
from portal.search.analytics.reports import asked
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


def test_bytes_kept_before_are_no_query(db):
    searched("\ufffd\ufffd", total=0)
    searched("飞碟", total=0)
    assert [row["folded"] for row in asked(trouble="without_result")] == ["飞碟"]


def test_an_editor_reads_the_report(editor, client_of):
    searched("飞碟", total=0)
    searched("冰柜")
    client = client_of(editor)
    assert "飞碟" in client.get(reverse("search_use_report")).content.decode()
    html = client.get(reverse("search_use_report_results"), {"trouble": "without_result"}).content.decode()
    assert "飞碟" in html
    assert "冰柜" not in html
    assert client.get(reverse("search_use_report"), {"ordering": "-without_result"}).status_code == 200


def test_searches_of_programs_count_as_often_as_they_came(db):
    searched("冰柜", channel="api", times=5, total=0)
    searched("冰柜", case_ref="FC-1")
    row = asked().get()
    assert (row["times"], row["without_result"], row["without_click"], row["cases"]) == (6, 5, 1, 1)
    assert [row["folded"] for row in asked(trouble="cases")] == ["冰柜"]
    searched("冷柜", channel="api")
    assert [row["folded"] for row in asked(trouble="without_click")] == ["冰柜"]


def test_an_exported_report_runs_nothing_and_is_read_as_chinese(editor, client_of):
    formulas = ["=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(1)", "\t=1"]
    for text in formulas:
        searched(text)
    client = client_of(editor)
    content = client.get(reverse("search_use_report"), {"export": "csv"}).content
    assert content.startswith(codecs.BOM_UTF8)
    head, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert head[:3] == ["搜索内容", "次数", "没有结果"]
    assert {row[0] for row in rows} == {f"'{text}" for text in formulas}
    book = client.get(reverse("search_use_report"), {"export": "xlsx"}).content
    cells = [row[0] for row in load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)]
    assert set(cells) == {"搜索内容", *formulas}


def test_exported_synonyms_run_nothing(editor, client_of):
    SynonymGroup.objects.create(words="=1+1、二")
    answer = client_of(editor).get(reverse("synonyms:index"), {"export": "csv"})
    assert "'=1+1、二" in answer.content.decode("utf-8-sig")


def test_the_lists_of_the_admin_are_in_chinese(editor, client_of):
    SynonymGroup.objects.create(words="冰箱、冰柜")
    client = client_of(editor)
    html = client.get(reverse("synonyms:index")).content.decode()
    assert not re.search(r">\s*(True|False)\s*<", html)
    assert "新建同义词" in client.get(reverse("synonyms:add")).content.decode()


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
