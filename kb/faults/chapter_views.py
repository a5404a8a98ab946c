"""Page of the editing area on which a chapter of a draft edition is compiled from fault articles."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kb.faults.chapters import Pinned, articles_for, compile_chapter, pinned_in
from kb.manuals.outline_views import outline_url
from kb.models import FaultArticle, ManualChapter
from portal.admin.long_choices import LongCheckboxes
from portal.errors import DomainError

CHAPTER_VIEW = "kb_chapter_articles"


class ArticlesForm(forms.Form):
    """Which articles, and of which the newer revision."""

    articles = forms.ModelMultipleChoiceField(
        FaultArticle.objects.none(), label=gettext_lazy("Fault articles"), widget=LongCheckboxes("kb.faultarticle")
    )
    newer = forms.ModelMultipleChoiceField(
        FaultArticle.objects.none(),
        label=gettext_lazy("Take the newer revision of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, chapter: ManualChapter, pinned: list[Pinned], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [each.article.pk for each in pinned if each.article]
        offered = FaultArticle.objects.filter(pk__in=articles_for(chapter).values("pk"))
        self.fields["articles"].queryset = (offered | FaultArticle.objects.filter(pk__in=held)).order_by("number")
        self.fields["articles"].initial = held
        newer = [each.article.pk for each in pinned if each.article and each.is_newer]
        self.fields["newer"].queryset = FaultArticle.objects.filter(pk__in=newer).order_by("number")
        self.fields["newer"].initial = newer
        if not newer:
            del self.fields["newer"]


@require_http_methods(["GET", "HEAD", "POST"])
def chapter_articles(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which articles a chapter is made of and which have newer revisions; a post writes its text anew."""
    if not request.user.has_perm("kb.change_manualedition"):
        raise PermissionDenied
    chapters = ManualChapter.objects.select_related("edition__manual__category")
    chapter = get_object_or_404(chapters.filter(edition__published_on__isnull=True), pk=pk)
    pinned = pinned_in([chapter])[chapter.pk]
    form = ArticlesForm(request.POST or None, chapter=chapter, pinned=pinned)
    if form.is_bound and form.is_valid():
        newer = [article.pk for article in form.cleaned_data.get("newer", ())]
        try:
            compile_chapter(chapter, list(form.cleaned_data["articles"]), newer=newer, by=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(chapter)s was written from its articles.") % {"chapter": chapter})
            return redirect(outline_url(chapter.edition))
    context = {"chapter": chapter, "edition": chapter.edition, "form": form, "pinned": pinned}
    status = 422 if form.errors else 200
    return render(request, "kb/faults/admin/chapter_articles.html", context, status=status)
