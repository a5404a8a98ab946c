"""Forms of assigned training: what is assigned to whom by when; whom a manager enrols."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.assignments.permissions import branches_to_assign
from courses.models import Course, Session, TrainingModule
from courses.modules.permissions import visible_courses, visible_modules
from courses.sessions.permissions import held_for_branch
from portal.access.lookup import find_person
from portal.enums import Tier
from portal.errors import DomainError
from portal.models import Organisation, Person, Position
from portal.ui.fields import DayField
from portal.ui.typed import offer_choices


class AssignForm(forms.Form):
    """A module or a course for the people of a branch, and its last day."""

    module = forms.ModelChoiceField(TrainingModule.objects.none(), label=gettext_lazy("Module"), required=False)
    course = forms.ModelChoiceField(Course.objects.none(), label=gettext_lazy("Course"), required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("branch"),
        help_text=gettext_lazy("Its people and those of the places below it."),
    )
    post_title = forms.ChoiceField(label=gettext_lazy("only holders of the post"), required=False)
    person = forms.CharField(
        label=gettext_lazy("only this person"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Staff number or name; empty for everybody."),
    )
    due_on = DayField(label=gettext_lazy("last day"), required=False)
    within_days = forms.IntegerField(
        label=gettext_lazy("days after joining"),
        min_value=1,
        validators=[MaxValueValidator(730)],
        required=False,
        help_text=gettext_lazy("For whoever takes up work in the branch from today on, instead of a day."),
    )
    reason = forms.CharField(label=gettext_lazy("why"), max_length=200)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        branches = branches_to_assign(by)
        self.fields["module"].queryset = visible_modules(by).order_by("code")
        self.fields["course"].queryset = visible_courses(by).order_by("code")
        self.fields["organisation"].queryset = branches
        titles = Position.objects.filter(organisation__in=branches.order_by().values("pk"))
        names = titles.order_by("title").values_list("title", flat=True).distinct()
        self.fields["post_title"].choices = [("", "—"), *((name, name) for name in names)]

    def clean_person(self) -> Person | None:
        """Return the person meant, among those the assigner manages."""
        typed = self.cleaned_data["person"].strip()
        if not typed:
            return None
        branches = branches_to_assign(self.by).order_by()
        people = Person.objects.filter(is_active=True).belonging_to(branches, timezone.localdate())
        try:
            return find_person(self.by, typed, people)
        except DomainError as error:
            offer_choices(self, error, "person")
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """Ask for one of module and course, one of day and days, and no post for one person."""
        facts = super().clean()
        if bool(facts.get("module")) == bool(facts.get("course")):
            self.add_error("module", _("Choose a module or a course, not both."))
        if bool(facts.get("due_on")) == bool(facts.get("within_days")) and not self.has_error("due_on"):
            self.add_error("due_on", _("Set a last day, or the days after joining, not both."))
        if facts.get("person") and (facts.get("post_title") or facts.get("within_days")):
            self.add_error("person", _("For one person neither a post nor joining is asked."))
        return facts


class EnrolForm(forms.Form):
    """The branch whose people are enrolled."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("branch"),
        help_text=gettext_lazy("Everybody who works there or below it gets a seat, then a place on the waitlist."),
    )

    def __init__(self, *args: Any, by: Person, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = branches_to_assign(by)
        if not session.organisation.is_customer:
            branches = branches.exclude(tier=Tier.CUSTOMER)
        self.fields["organisation"].queryset = held_for_branch(branches, session)
