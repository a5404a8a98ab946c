"""Who may open what: every door of the knowledge base, tried by those it is closed to."""

import re

import pytest

from portal.enums import Audience
from tests.factories.kb import DiagnosisGuideFactory, FaultArticleFactory, ManualEditionFactory, ManualFactory

OPEN, MISSING = 200, 404
MATRIX = [
    ("anonymous", Audience.PUBLIC, OPEN),
    ("anonymous", Audience.CUSTOMERS, MISSING),
    ("anonymous", Audience.STAFF, MISSING),
    ("anonymous", Audience.RESTRICTED, MISSING),
    ("customer", Audience.PUBLIC, OPEN),
    ("customer", Audience.CUSTOMERS, OPEN),
    ("customer", Audience.STAFF, MISSING),
    ("customer", Audience.RESTRICTED, MISSING),
    ("engineer", Audience.CUSTOMERS, OPEN),
    ("engineer", Audience.STAFF, OPEN),
    ("engineer", Audience.RESTRICTED, MISSING),
    ("trainer", Audience.RESTRICTED, OPEN),
]


@pytest.mark.parametrize(("who", "audience", "status"), MATRIX)
@pytest.mark.parametrize("door", ["/kb/faults/{}/", "/kb/faults/{}.pdf"])
def test_article_and_card_open_to_their_audience_only(readers, client_of, door, who, audience, status):
    article = FaultArticleFactory(audience=audience, title="机密故障标题")
    response = client_of(readers[who]).get(door.format(article.number))
    assert response.status_code == status
    if status != OPEN:
        assert "机密故障标题" not in response.content.decode()


@pytest.mark.parametrize("who", ["anonymous", "customer", "engineer"])
@pytest.mark.parametrize("door", ["/kb/faults/{}/", "/kb/faults/{}.pdf", "/kb/manuals/{}/", "/kb/manuals/{}/A-0/"])
def test_hidden_and_invented_numbers_answer_alike(readers, client_of, door, who):
    article = FaultArticleFactory(audience=Audience.RESTRICTED, number="HID-1")
    manual = ManualEditionFactory(manual=ManualFactory(audience=Audience.RESTRICTED, number="HID-2"), edition="A/0")
    number = article.number if "faults" in door else manual.manual.number
    client = client_of(readers[who])

    def said(number):
        response = client.get(door.format(number))
        text = re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="\w+"', "", response.content.decode())
        headers = {name: response[name] for name in response.headers if name not in ("X-Request-ID", "Content-Length")}
        return response.status_code, text.replace(number, "…"), headers

    hidden = said(number)

    assert hidden[0] == MISSING
    assert hidden == said("HID-9")


def test_stranger_is_offered_to_sign_in_and_comes_back(client_of):
    page = client_of().get("/kb/faults/HID-9/").content.decode()

    assert 'href="/accounts/login/?next=%2Fkb%2Ffaults%2FHID-9%2F"' in page


@pytest.mark.parametrize(("who", "audience", "status"), MATRIX)
def test_manual_opens_to_its_audience_only(readers, client_of, who, audience, status):
    old = ManualEditionFactory(manual=ManualFactory(audience=audience, title="机密手册"), edition="A/0")
    ManualEditionFactory(manual=old.manual, edition="A/1")
    client = client_of(readers[who])
    for address in (old.manual.get_absolute_url(), old.get_absolute_url()):
        response = client.get(address)
        assert response.status_code == status
        if status != OPEN:
            assert "机密手册" not in response.content.decode()


@pytest.mark.parametrize("who", ["anonymous", "customer", "engineer", "trainer"])
def test_draft_article_is_missing_for_everybody(readers, client_of, who):
    draft = FaultArticleFactory(published=False, audience=Audience.PUBLIC, codes=["E9"])
    client = client_of(readers[who])
    assert client.get(draft.get_absolute_url()).status_code == MISSING
    assert client.get(f"/kb/faults/{draft.number}.pdf").status_code == MISSING
    assert client.get("/kb/codes/E9/").status_code == MISSING
    assert draft.title not in client.get("/kb/faults/").content.decode()


@pytest.mark.parametrize("who", ["anonymous", "trainer"])
def test_manual_without_published_edition_is_missing_for_everybody(readers, client_of, who):
    draft = ManualEditionFactory(published=False, manual=ManualFactory(audience=Audience.PUBLIC))
    client = client_of(readers[who])
    assert client.get(draft.manual.get_absolute_url()).status_code == MISSING
    assert client.get(draft.get_absolute_url()).status_code == MISSING
    assert draft.manual.title not in client.get("/kb/manuals/").content.decode()


def test_withdrawn_article_is_missing(client_of, engineer):
    article = FaultArticleFactory()
    article.unpublish()
    assert client_of(engineer).get(article.get_absolute_url()).status_code == MISSING


@pytest.mark.parametrize(("who", "total"), [("anonymous", 1), ("customer", 2), ("engineer", 3), ("trainer", 4)])
def test_lists_count_only_what_the_reader_may_open(readers, client_of, who, total):
    for audience in Audience.values:
        FaultArticleFactory(audience=audience, brand="格力", codes=["E6"], family=audience)
        edition = ManualEditionFactory(manual=ManualFactory(audience=audience), edition="A/0")
        ManualEditionFactory(manual=edition.manual, edition="A/1")
    client = client_of(readers[who])
    response = client.get("/kb/faults/")
    assert response.context["page_obj"].paginator.count == total
    filters = dict(response.context["filters"])
    assert [chip.count for chips in filters.values() for chip in chips if chip.label == "格力"] == [total]
    assert client.get("/kb/manuals/").context["page_obj"].paginator.count == total
    overview = client.get("/kb/")
    assert overview.context["fault_total"] == total
    assert overview.context["manual_total"] == total
    assert len(overview.context["cards"]) == 2 * total
    assert len(client.get("/kb/codes/E6/").context["kin"].same) == total


def test_related_articles_leave_out_what_the_reader_may_not_open(client_of):
    shown = FaultArticleFactory(codes=["E6"], audience=Audience.PUBLIC)
    FaultArticleFactory(codes=["E6"], audience=Audience.STAFF, title="内部故障")
    FaultArticleFactory(codes=["e6"], audience=Audience.STAFF, title="内部故障二")
    FaultArticleFactory(codes=["E6"], published=False, audience=Audience.PUBLIC, title="未发布故障")
    response = client_of().get(shown.get_absolute_url())
    assert response.context["kin"].same == []
    assert response.context["kin"].similar == []
    assert "内部故障" not in response.content.decode()


def test_chapter_link_is_left_out_for_those_who_may_not_open_the_manual(readers, client_of):
    edition = ManualEditionFactory(manual=ManualFactory(audience=Audience.STAFF, title="内部手册"))
    article = FaultArticleFactory(audience=Audience.PUBLIC, chapter=edition.chapters.first())
    assert "内部手册" not in client_of().get(article.get_absolute_url()).content.decode()
    assert "内部手册" in client_of(readers["engineer"]).get(article.get_absolute_url()).content.decode()


def test_chapter_of_a_public_manual_leaves_out_staff_articles(client_of):
    edition = ManualEditionFactory(manual=ManualFactory(audience=Audience.PUBLIC))
    FaultArticleFactory(audience=Audience.STAFF, chapter=edition.chapters.first(), title="内部故障")
    assert "内部故障" not in client_of().get(edition.manual.get_absolute_url()).content.decode()


def test_chooser_of_a_code_only_staff_may_read_is_missing_for_others(readers, client_of):
    FaultArticleFactory(codes=["P1A5E"])
    assert client_of().get("/kb/codes/P1A5E/").status_code == MISSING
    assert client_of(readers["engineer"]).get("/kb/codes/P1A5E/").status_code == OPEN


def test_note_for_editors_is_not_shown_to_readers(readers, client_of):
    article = FaultArticleFactory(note="与另一来源矛盾,待电话核实")
    assert "待电话核实" not in client_of(readers["engineer"]).get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("who", "audience", "status"), MATRIX)
@pytest.mark.parametrize("door", ["/kb/diagnosis/{}/", "/kb/diagnosis/{}/step/", "/kb/diagnosis/{}/step/y/"])
def test_guide_and_its_steps_open_to_their_audience_only(readers, client_of, door, who, audience, status):
    guide = DiagnosisGuideFactory(audience=audience, title="机密排查标题")
    response = client_of(readers[who]).get(door.format(guide.number))
    assert response.status_code == status
    if status != OPEN:
        assert "机密排查标题" not in response.content.decode()
