"""Person, the auth user: one record per person (一人一档), with or without sign-in."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.enums import Tier
from portal.models.assignments import Assignment
from portal.models.keys import NameKey, NumberKey, PinyinKey
from portal.models.organisations import Organisation
from portal.typed import unlabelled

staff_number_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$", _("A staff number is letters, digits, “-” and “_”, 30 at most.")
)


class PersonQuerySet(models.QuerySet):
    """People by where they belong on a day."""

    def belonging_to(self, organisations: models.QuerySet[Organisation], day: dt.date) -> "PersonQuerySet":
        """People whose place of work on ``day`` is one of ``organisations``.

        That is the place of an assignment in force that day; who holds none belongs to the organisation on the record.
        Cover, sight, matrix and reports ask here, so that a transfer counts everywhere from the same day on.

        Args:
            organisations: a queryset of organisations; only its keys are read.
        """
        return self.filter(belongs_to(organisations, day))

    def possibly_at(self, organisations: Collection[int], first: dt.date, last: dt.date) -> "PersonQuerySet":
        """People who hold a post at one of ``organisations`` between two days, or are on record there.

        Whoever belongs there on one of the days is among them, others too. Found by the rows of the places: before
        ``belonging_to`` it keeps a few places from having the whole network looked at.

        Args:
            organisations: keys of organisations.
        """
        posts = Assignment.objects.filter(models.Q(end__isnull=True) | models.Q(end__gte=first), start__lte=last)
        there = posts.filter(organisation__in=organisations).order_by().values("person")
        return self.filter(models.Q(pk__in=there) | models.Q(organisation__in=organisations))

    def of_network(self, day: dt.date) -> "PersonQuerySet":
        """People who work for the service network on ``day``: somewhere, and nowhere at a customer's.

        The same rule as :attr:`Person.is_of_network`, asked of many at once.
        """
        customers = Organisation.objects.filter(tier=Tier.CUSTOMER)
        network = Organisation.objects.exclude(tier=Tier.CUSTOMER)
        return self.filter(belongs_to(network, day) & ~belongs_to(customers, day))

    def with_posts(self, day: dt.date) -> "PersonQuerySet":
        """Fetch the assignments in force on ``day`` with post and place, for :attr:`Person.places`."""
        return self.select_related("organisation").prefetch_related(posts_on(day))


def posts_on(day: dt.date, person: str = "") -> models.Prefetch:
    """Return what fetches the assignments in force on ``day`` with post and place, for :attr:`Person.places`.

    Args:
        person: the way from the rows fetched to their person, e.g. ``"person__"``.
    """
    posts = Assignment.objects.valid_on(day).select_related("position", "organisation")
    return models.Prefetch(f"{person}assignments", posts, to_attr="posts_of_day")


def place_on(day: Any, person: str = "", fact: str = "pk") -> Coalesce:
    """Return the expression of where the person of a row works on ``day``: one place, so that rows add up.

    Of several the one the person came to last, as it stands first in :attr:`Person.places`.

    Args:
        day: a day, or ``OuterRef`` to the one of the row.
        person: the way from the row to its person, e.g. ``"person__"``.
        fact: what is wanted of the organisation.
    """
    posts = Assignment.objects.valid_on(day).filter(person=models.OuterRef(f"{person}pk")).order_by("-start", "pk")
    return Coalesce(
        models.Subquery(posts.values(f"organisation__{fact}")[:1]), models.F(f"{person}organisation__{fact}")
    )


def belongs_to(organisations: models.QuerySet[Organisation], day: dt.date) -> models.Q:
    """Return the condition of ``PersonQuerySet.belonging_to``, asked of one person after another.

    So that whoever narrows people by something else does not have the whole network looked at first.
    """
    places = organisations.order_by().values("pk")
    posts = Assignment.objects.valid_on(day).filter(person=models.OuterRef("pk"))
    posted_there = models.Q(models.Exists(posts.filter(organisation__in=places)))
    return posted_there | (~models.Q(models.Exists(posts)) & models.Q(organisation__in=places))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Creates people with and without a sign-in."""

    def create_user(self, staff_number: str, password: str | None = None, **fields: Any) -> "Person":
        """Create a person; without a password the person exists but cannot sign in."""
        fields["email"] = self.normalize_email(fields.get("email", ""))
        person = self.model(staff_number=staff_number, **fields)
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        person.save(using=self._db)
        return person

    def create_superuser(self, staff_number: str, password: str | None = None, **fields: Any) -> "Person":
        """Create an administrator who passes every permission check."""
        return self.create_user(staff_number, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find by staff number, whatever its case, width and spaces."""
        return self.get(staff_number__iexact="".join(unlabelled(username or "").split()))


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who works, learns, teaches, or is trained at a customer's."""

    staff_number = models.CharField(_("staff number"), max_length=30, unique=True, validators=[staff_number_validator])
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("email"), blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        verbose_name=_("organisation"),
        help_text=_("Where the person belongs while no assignment says otherwise."),
    )
    photo = models.ForeignKey(
        "portal.PortalDocument",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("photo"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # How many notices are unread, beside the name on every page without a query of its own.
    unread_notices = models.PositiveIntegerField(default=0, editable=False)
    staff_number_key = NumberKey(source="staff_number", max_length=30)
    name_key = NameKey(source="name")
    name_pinyin = PinyinKey(source="name", is_person=True)
    name_initials = PinyinKey(source="name", is_person=True, initials=True)

    objects = PersonManager()

    USERNAME_FIELD = "staff_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["staff_number"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("staff_number"),
                name="staff_number_once_any_case",
                violation_error_message=_("Somebody already has this staff number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.staff_number}）"

    def get_full_name(self) -> str:
        """Return the name as written; Chinese names have no parts to join."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name as written."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the Wagtail admin may be opened (asked by Django's own admin helpers)."""
        return self.has_perm("wagtailadmin.access_admin")

    @cached_property
    def role_names(self) -> frozenset[str]:
        """Names of the person's roles, read once an instance."""
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *roles: str) -> bool:
        """Whether the person is active and has one of the roles; a superuser has all of them."""
        return self.is_active and (self.is_superuser or bool(self.role_names.intersection(roles)))

    @cached_property
    def posts(self) -> list[Assignment]:
        """Assignments in force today, or on the day they were fetched for by ``with_posts``."""
        if hasattr(self, "posts_of_day"):
            return self.posts_of_day
        return list(self.assignments.valid_on(timezone.localdate()).select_related("position", "organisation"))

    @property
    def places(self) -> list[Organisation]:
        """Where the person works: the places of the posts held, else the organisation on the record."""
        places = {post.organisation_id: post.organisation for post in self.posts}
        return list(places.values()) or ([self.organisation] if self.organisation else [])

    @property
    def is_of_network(self) -> bool:
        """Whether the person works for the service network: somewhere, and nowhere at a customer's."""
        places = self.places
        return bool(places) and not any(place.is_customer for place in places)

    @property
    def place_names(self) -> str:
        """The names of the places of work."""
        return "、".join(place.name for place in self.places)

    @property
    def masked_name(self) -> str:
        """The name for public eyes: first character, then stars."""
        return self.name[:1] + "*" * max(len(self.name) - 1, 1)

    @property
    def masked_mobile(self) -> str:
        """138****0001, or nothing when no number is known."""
        return f"{self.mobile[:3]}****{self.mobile[-4:]}" if len(self.mobile) >= 8 else ""
