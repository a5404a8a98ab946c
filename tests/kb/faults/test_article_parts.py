"""Parts of an article: related articles both ways, words of its subject, the gate's answer, what is missing."""

import pytest

from kb.faults.domain import publish_fault
from kb.faults.gaps import missing_facts
from kb.models import FaultRelation
from portal.enums import Audience, SubjectKind, Task
from portal.registry import duty
from portal.registry.duty import DutyAnswer, Reason
from tests.factories.certification import SchemeFactory, certificate_for
from tests.factories.courses import TrainingModuleFactory
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import EquipmentCategoryFactory, EquipmentModelFactory

pytestmark = pytest.mark.django_db


def relate(article, other, sign=""):
    article.relations = [FaultRelation(other=other, sign=sign)]
    article.save()
    return publish_fault(article)


def test_related_articles_are_shown_on_both(client_of, engineer):
    first, second = FaultArticleFactory(title="压缩机在转"), FaultArticleFactory(title="压缩机不转")
    relate(first, second, "听压缩机的声音")
    for here, there in ((first, second), (second, first)):
        page = client_of(engineer).get(here.get_absolute_url()).content.decode()
        assert there.get_absolute_url() in page
        assert "听压缩机的声音" in page


def test_related_articles_of_another_audience_are_not_named(client_of, readers):
    open_one = FaultArticleFactory(audience=Audience.PUBLIC)
    relate(open_one, FaultArticleFactory(title="内部处理办法"), "秘密特征")
    page = client_of().get(open_one.get_absolute_url()).content.decode()
    assert "内部处理办法" not in page
    assert "秘密特征" not in page
    assert "内部处理办法" in client_of(readers["engineer"]).get(open_one.get_absolute_url()).content.decode()


def test_an_article_chosen_on_both_is_named_once(client_of, engineer):
    first, second = FaultArticleFactory(), FaultArticleFactory()
    relate(first, second)
    relate(second, first, "看指示灯")
    related = client_of(engineer).get(first.get_absolute_url()).context["related"]
    assert [(row.other.pk, row.sign) for row in related] == [(second.pk, "看指示灯")]


def test_a_disease_is_told_in_its_own_words(client_of, engineer):
    pigs = EquipmentCategoryFactory(kind=SubjectKind.SPECIES, name="猪")
    pair = {"cause": "细菌感染", "check_text": "测温", "remedy": "青霉素"}
    pair |= {"dose": "每公斤 2 万单位", "withdrawal": "28 日"}
    article = FaultArticleFactory(category=pigs, pairs=[pair])
    page = client_of(engineer).get(article.get_absolute_url()).content.decode()
    for word in ("临床症状", "治疗", "每公斤 2 万单位", "休药期", "28 日"):
        assert word in page
    for word in ("适用设备", "机器停机", "备件", "处理方法"):
        assert word not in page
    card = client_of(engineer).get(f"/kb/faults/{article.number}.pdf")
    assert card.status_code == 200
    today = client_of(engineer).get(f"/kb/faults/{article.number}/today/")
    assert not today.context["today"].is_asked


def test_set_and_clear_conditions_stand_apart(client_of, engineer):
    article = FaultArticleFactory(judgement="高于 2.8 MPa", clear_when="低于 2.2 MPa", distinction="机组停着\n灯亮")
    page = client_of(engineer).get(article.get_absolute_url()).content.decode()
    assert page.index("高于 2.8 MPa") < page.index("低于 2.2 MPa") < page.index("机组停着")


def test_what_is_empty_is_not_printed_but_told_the_editor(client_of, editor, engineer):
    pairs = [{"cause": "继电器坏", "remedy": "更换"}, {"cause": "线断", "check_text": "量通断"}]
    article = FaultArticleFactory(codes=["E1"], pairs=pairs)
    page = client_of(engineer).get(article.get_absolute_url()).content.decode()
    assert "未记录" not in page
    assert "<dd>—" not in page
    missing = missing_facts(article)
    assert any("1" in fact for fact in missing)
    assert len(missing) >= 5
    form = client_of(editor).get(f"/cms/snippets/kb/faultarticle/edit/{article.pk}/").content.decode()
    assert all(fact in form for fact in missing)


def test_today_allows_where_a_certificate_holds_and_names_lessons(client_of, engineer):
    machine, other = EquipmentModelFactory(), EquipmentModelFactory()
    scheme = SchemeFactory(scopes=[machine.category], tasks=[Task.REPAIR])
    certificate_for(engineer, scheme)
    module = TrainingModuleFactory(category=machine.category)
    article = FaultArticleFactory(category=machine.category, equipment=[machine, other])
    found = client_of(engineer).get(f"/kb/faults/{article.number}/today/").context["today"]
    assert [answer.equipment for answer in found.allowed] == [machine]
    assert [refusal.machines for refusal in found.refused] == [[other]]
    assert [lesson.label for lesson in found.lessons] == [module.title]


def test_today_refuses_with_reasons_and_the_way_out(client_of, engineer):
    machine = EquipmentModelFactory()
    article = FaultArticleFactory(category=machine.category, equipment=[machine])
    client = client_of(engineer)
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'hx-get="/kb/faults/{article.number}/today/"' in page
    answer = client.get(f"/kb/faults/{article.number}/today/", headers={"HX-Request": "true"})
    found = answer.context["today"]
    assert [refusal.machines for refusal in found.refused] == [[machine]]
    assert not found.allowed
    assert found.refused[0].answer.reasons[0].message in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_today_says_that_it_is_under_a_guide_only(client_of, engineer, monkeypatch):
    reason = Reason("under_guidance", "须在杨振华带教下", met=True, params={"guide_name": "杨振华"})
    monkeypatch.setattr(duty, "_gates", [lambda asked: [DutyAnswer(one, True, [reason]) for one in asked]])
    machine = EquipmentModelFactory()
    article = FaultArticleFactory(category=machine.category, equipment=[machine])
    answer = client_of(engineer).get(f"/kb/faults/{article.number}/today/")
    found = answer.context["today"]
    assert (list(found.allowed), [group.machines for group in found.limited]) == ([], [[machine]])
    assert "仅可在杨振华带教下" in answer.content.decode()
    assert "verdict--allowed" not in answer.content.decode()


def test_today_is_hidden_from_who_may_not_read_the_article(client_of, readers):
    article = FaultArticleFactory()
    assert client_of().get(f"/kb/faults/{article.number}/today/").status_code == 404
    assert client_of(readers["customer"]).get(f"/kb/faults/{article.number}/today/").status_code == 404


def test_a_cause_has_a_link_to_copy(client_of, engineer):
    article = FaultArticleFactory()
    pair = article.pairs.get()
    page = client_of(engineer).get(article.get_absolute_url()).content.decode()
    assert f'id="cause-{pair.pk}"' in page
    assert f'{article.get_absolute_url()}#cause-{pair.pk}"' in page


def test_history_comparison_and_copy_are_reached_from_the_editor(client_of, editor):
    article = FaultArticleFactory(codes=["E7"])
    article.symptom = "换了说法"
    publish_fault(article)
    client, base = client_of(editor), "/cms/snippets/kb/faultarticle"
    form = client.get(f"{base}/edit/{article.pk}/").content.decode()
    assert f"{base}/history/{article.pk}/" in form
    older, newer = article.revisions.order_by("created_at")
    compared = client.get(f"{base}/history/{article.pk}/revisions/compare/{older.pk}...{newer.pk}/")
    assert "换了说法" in compared.content.decode()
    copy = client.get(f"{base}/copy/{article.pk}/").content.decode()
    assert "换了说法" in copy
    assert 'value="E7"' in copy
