"""The demo knowledge base: complete, published, and loaded once however often."""

import pytest

from kb.demo import blocks_of
from kb.models import CausePair, FaultArticle, Manual, ManualChapter, ManualEdition
from portal.enums import Audience
from portal.registry.demo import ALL_ARTICLES, DEFAULT_PROFILE, data, loaders, package

pytestmark = pytest.mark.django_db


PACKAGES = (DEFAULT_PROFILE, ALL_ARTICLES)
STEPS = ("equipment", "statutory", "manuals", "faults")


def load():
    """Run the loaders of the equipment and of the knowledge base over the kitchen company and the other trades."""
    done = {}
    for name in PACKAGES:
        with package(name):
            done[name] = {loader.name: loader.load() for loader in loaders() if loader.name in STEPS}
    return done


def fault_rows():
    """The fault articles of all packages."""
    rows = []
    for name in PACKAGES:
        with package(name):
            rows += data("faults")["faults"]
    return rows


def test_demo_loads_once_and_is_complete(client_of, readers):
    load()
    models = (FaultArticle, CausePair, Manual, ManualEdition, ManualChapter)
    counts = [model.objects.count() for model in models]
    assert not FaultArticle.objects.filter(review_due__isnull=True).exists()
    for again in load().values():
        assert again["faults"] == {"fault articles": 0}
        assert again["manuals"] == {"manuals": 0, "chapters": 0}
    assert [
        model.objects.count() for model in (FaultArticle, CausePair, Manual, ManualEdition, ManualChapter)
    ] == counts
    # One load for all the questions about it: it takes longer than any of them.
    check_articles_hold_the_data()
    check_what_may_hurt_is_for_staff()
    check_articles_point_to_current_editions()
    assert [row.edition for row in Manual.objects.get(number="SM-RF-01").editions.published()] == ["A/1", "A/0"]
    client = client_of(readers["engineer"])
    addresses = [record.get_absolute_url() for model in (FaultArticle, Manual) for record in model.objects.all()]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def check_articles_hold_the_data():
    rows = {row["id"]: row for row in fault_rows()}
    assert len(rows) == 57
    articles = {article.number: article for article in FaultArticle.objects.filter(live=True)}
    assert articles.keys() == rows.keys()
    for number, row in rows.items():
        article = articles[number]
        assert [code.code for code in article.codes.all()] == row["codes"]
        assert article.verification == row["verification"]
        assert {kind.name for kind in article.required_certificates.all()} == set(row["statutory"])
        assert article.sources.count() == len(row["sources"])
        assert article.pairs.count() == len(row["pairs"]) + len(row["general_checks"]) + len(row["general_remedies"])
        assert {machine.code for machine in article.equipment.all()} == set(row["equipment_codes"])


def check_what_may_hurt_is_for_staff():
    open_to_others = FaultArticle.objects.exclude(audience=Audience.STAFF)
    assert open_to_others.exists()
    assert not open_to_others.filter(severity="danger").exists()
    assert not open_to_others.filter(required_certificates__isnull=False).exists()


def check_articles_point_to_current_editions():
    pointing = FaultArticle.objects.filter(chapter__isnull=False).select_related("chapter__edition__manual")
    assert pointing.count() == sum(bool(row["chapter"]) for row in fault_rows())
    for article in pointing:
        assert article.chapter.edition == article.chapter.edition.manual.editions.published().first()


def test_chapter_html_becomes_blocks_without_losing_words():
    html = (
        "<p><strong>安全:</strong>先断电。</p><p>总述<strong>重点</strong>。</p><h3>小标题</h3><ul><li>一</li><li>二</li></ul>"
        '<table><thead><tr><th scope="col">周期</th><th scope="col">项目</th></tr></thead>'
        '<tbody><tr><th scope="row">每月</th><td>清洗</td></tr></tbody></table><p>收尾。</p>'
    )
    assert blocks_of(html) == [
        ("safety", {"level": "warning", "text": "<p>先断电。</p>"}),
        ("text", "<p>总述<strong>重点</strong>。</p><h3>小标题</h3><ul><li>一</li><li>二</li></ul>"),
        (
            "table",
            {
                "data": [["周期", "项目"], ["每月", "清洗"]],
                "first_row_is_table_header": True,
                "first_col_is_header": True,
            },
        ),
        ("text", "<p>收尾。</p>"),
    ]
