"""Pages of the editing area: how the questions of a quiz did, as chart, table and Excel; the answers given to one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.models import QuestionVersion, Quiz
from certification.questions.reading import note_reading
from certification.quizzes.analysis import Item, given_answers, items_of
from certification.sections import section_of
from portal.exchange.exports import Table, export_asked, export_response
from portal.ui.charts import Bar, bar_chart

PERMISSION = "certification.change_question"
PAGE = 20


@require_safe
def analysis(request: HttpRequest) -> HttpResponse:
    """Show the questions of a quiz, the most missed first; ``?export=xlsx`` takes all of them."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    quizzes = list(Quiz.objects.order_by("title"))
    chosen = next((quiz for quiz in quizzes if quiz.code == request.GET.get("quiz")), None)
    all_tries = request.GET.get("tries") == "all"
    items = items_of(chosen, all_tries=all_tries) if chosen else []
    if (spreadsheet := export_asked(request.GET, "xlsx")) and chosen and items:
        return export_response(_table(chosen, items), spreadsheet, "item-analysis")
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    context = {
        "quizzes": quizzes,
        "chosen": chosen,
        "all_tries": all_tries,
        "page_obj": page,
        "rows": [(item, section_of(item.version, request.user)) for item in page],
        "chart": bar_chart(
            _("Facility: share of the credit that was earned"), [_facility(item) for item in page], highest=1
        ),
    }
    return render(request, "certification/quizzes/admin/analysis.html", context)


@require_safe
def item(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show how often each answer to one version was given."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    quiz = get_object_or_404(Quiz.objects.select_related("bank"), code=code)
    all_tries = request.GET.get("tries") == "all"
    related = QuestionVersion.objects.select_related("question", "chapter__edition__manual", "article")
    version = get_object_or_404(related.prefetch_related("choices"), pk=pk, question__bank=quiz.bank)
    note_reading(request.user, [quiz.bank])
    given = given_answers(quiz, version, all_tries=all_tries)
    total = sum(each.count for each in given) or 1
    bars = [Bar(each.text, each.count / total, str(each.count), "green" if each.is_right else "red") for each in given]
    context = {
        "quiz": quiz,
        "version": version,
        "given": given,
        "chart": bar_chart(_("Answers given"), bars, highest=1),
        "section": section_of(version, request.user),
    }
    return render(request, "certification/quizzes/admin/item.html", context)


def _facility(item: Item) -> Bar:
    share = item.numbers.facility
    tone = "red" if share < 0.5 else "amber" if share < 0.7 else "green"
    return Bar(f"{item.version.question.ref} · {item.version.number}", share, f"{share:.0%}", tone)


def _table(quiz: Quiz, items: list[Item]) -> Table:
    headings = [
        _("reference"),
        _("version"),
        _("question text"),
        _("times shown"),
        _("facility %"),
        _("discrimination index %"),
        _("discrimination efficiency %"),
        _("random guess score %"),
        _("cites"),
    ]
    return Table(_("Item analysis"), headings, (_row(each) for each in items))


def _row(item: Item) -> list[Any]:
    numbers, version = item.numbers, item.version
    shares = (numbers.facility, numbers.discrimination, numbers.efficiency, numbers.guess)
    cited = version.chapter or version.article
    percents = [None if share is None else round(share * 100, 2) for share in shares]
    return [version.question.ref, version.number, version.stem, numbers.shown, *percents, str(cited or "")]
