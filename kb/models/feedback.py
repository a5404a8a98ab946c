"""Answers of readers to the question at the end of a fault article: did it solve the trouble?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.models.faults import FaultArticle


class UnsolvedReason(models.TextChoices):
    """Why an article did not solve the trouble."""

    OTHER_FAULT = "other_fault", _("It is about another fault")
    DID_NOT_HELP = "did_not_help", _("I did all of it; the fault is still there")
    NOT_CLEAR = "not_clear", _("I do not understand the steps")
    CANNOT_DO = "cannot_do", _("I have no parts, tools or permission for it")
    WRONG = "wrong", _("Something in it is wrong")


class ArticleAnswer(models.Model):
    """The latest answer of one reader about one article; who it was cannot be told from it."""

    article = models.ForeignKey(
        FaultArticle, on_delete=models.CASCADE, related_name="answers", verbose_name=_("fault article")
    )
    reader = models.CharField(_("reader"), max_length=64, help_text=_("A keyed hash; no name, no address."))
    is_solved = models.BooleanField(_("solved"))
    reason = models.CharField(_("reason"), max_length=14, choices=UnsolvedReason, blank=True)
    answered_at = models.DateTimeField(_("answered"), auto_now=True)

    class Meta:
        verbose_name = _("answer about an article")
        verbose_name_plural = _("answers about articles")
        ordering = ["-answered_at"]
        constraints = [
            models.UniqueConstraint(fields=["article", "reader"], name="kb_one_answer_a_reader"),
            models.CheckConstraint(
                condition=models.Q(is_solved=False) | models.Q(reason=""),
                name="kb_reason_only_unsolved",
                violation_error_message=_("A reason is given only when the fault was not solved."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} · {_('solved') if self.is_solved else self.get_reason_display()}"
