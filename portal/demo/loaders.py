"""Load the demo organisation, its people and equipment, and its pages. All data is invented."""

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.content.domain import make_home_page
from portal.enums import Audience, Role, Tier
from portal.equipment.domain import add_category, add_model, add_unit
from portal.errors import DomainError
from portal.models import (
    EquipmentCategory,
    EquipmentModel,
    EquipmentUnit,
    InformationPage,
    Organisation,
    Person,
    PortalSettings,
    Position,
    StatutoryKind,
    StatutoryRule,
)
from portal.organisations.domain import add_organisation, add_position
from portal.people.domain import add_person, assign_position
from portal.registry.demo import data, package, profiles

DEMO_PASSWORD = "shanggang-demo"  # noqa: S105  (demo data only, printed on the console)
ROLES = {"region_manager": Role.MANAGER, "content_editor": Role.EDITOR}


def day_before(days: int) -> dt.date:
    """Return the day ``days`` before today in the organisation's zone."""
    return timezone.localdate() - dt.timedelta(days=days)


class AnotherOrganisation(DomainError):
    """An installation is one organisation's; the demo of another cannot be loaded into it."""

    code = "another_organisation"
    message = _("This portal belongs to “%(name)s”. Load the demo into an empty one (VAR_DIR names its folder).")


@transaction.atomic
def load_settings() -> dict[str, int]:
    """The organisation's names and hotline; what an administrator has changed is left alone.

    Raises:
        AnotherOrganisation: the network of somebody else is here.
    """
    source = data("organisation")
    others = Organisation.get_root_nodes().exclude(code__in=[entry["code"] for entry in source["organisations"]])
    head = others.filter(tier=Tier.HQ).first()
    if head is not None:
        raise AnotherOrganisation(name=head.name)
    settings = PortalSettings.load()
    changed = 0
    for name, value in source["settings"].items():
        present, default = getattr(settings, name), PortalSettings._meta.get_field(name).default
        if present == default and present != value:
            setattr(settings, name, value)
            changed += 1
    if changed:
        settings.save()
    return {"settings": changed}


@transaction.atomic
def load_organisations() -> dict[str, int]:
    """The network with its areas, and the customers below the outlet that serves them."""
    source = data("organisation")
    known = {organisation.code: organisation for organisation in Organisation.objects.all()}
    for entry in [*source["organisations"], *source["customers"]]:
        if entry["code"] not in known:
            parent = known.get(entry.get("served_by") or entry.get("parent") or "")
            known[entry["code"]] = _add_place(entry, parent)
    return {"organisations": len(known)}


def _add_place(entry: dict[str, Any], parent: Organisation | None) -> Organisation:
    tier = Tier(entry["tier"])
    return add_organisation(
        entry["code"],
        entry["name"],
        tier,
        parent=parent,
        areas=entry.get("areas", ()),
        address=entry["address"],
        contact_name=entry.get("engineer") or entry.get("contact", ""),
        phone=entry["phone"],
        is_emergency_fallback=entry.get("emergency_fallback", False),
        min_certified=entry.get("min_certified", 0 if tier == Tier.CUSTOMER else 1),
    )


@transaction.atomic
def load_positions() -> dict[str, int]:
    """Posts with their duties and who reports to whom."""
    organisations = {organisation.code: organisation for organisation in Organisation.objects.all()}
    entries = data("organisation")["positions"]
    for entry in entries:
        place = organisations[entry["organisation"]]
        if not Position.objects.filter(organisation=place, title=entry["title"]).exists():
            add_position(
                place,
                entry["title"],
                responsibilities="\n".join(entry["responsibilities"]),
                headcount=entry["headcount"],
                is_duty_gated=entry["needs_certificate"],
            )
    for entry in entries:
        if entry["reports_to"]:
            position = demo_position(entry["code"])
            superior = demo_position(entry["reports_to"])
            if position.reports_to_id is None and position != superior:
                position.reports_to = superior
                position.save(update_fields=["reports_to"])
    return {"positions": Position.objects.count()}


def demo_position(code: str) -> Position:
    """Return the post the demo files call ``code``, e.g. ``PO-KT-02``."""
    entry = next(entry for entry in data("organisation")["positions"] if entry["code"] == code)
    return Position.objects.get(organisation__code=entry["organisation"], title=entry["title"])


@transaction.atomic
def load_people() -> dict[str, int]:
    """People with their roles and posts; those who may sign in get the demo password."""
    organisations = {organisation.code: organisation for organisation in Organisation.objects.all()}
    known = set(Person.objects.values_list("staff_number", flat=True))
    for entry in data("people")["people"]:
        if entry["staff_no"] in known:
            continue
        joined = day_before(entry["hired_days_ago"])
        person = add_person(
            entry["staff_no"],
            entry["name"],
            organisation=organisations[entry["organisation"]],
            roles=[Role(ROLES.get(role, role)) for role in entry["roles"]],
            password=DEMO_PASSWORD if entry["sign_in"] else None,
            email=entry["email"],
            mobile=entry["mobile"],
            joined_on=joined,
        )
        for code in entry["positions"]:
            known_since = timezone.make_aware(dt.datetime.combine(joined, dt.time(8)))
            assign_position(person, demo_position(code), start=joined, recorded_at=known_since)
    return {"people": Person.objects.count()}


@transaction.atomic
def load_equipment() -> dict[str, int]:
    """The category tree and the models with their aliases."""
    source = data("equipment")
    categories = {category.code: category for category in EquipmentCategory.objects.all()}
    for entry in source["categories"]:
        if entry["code"] not in categories:
            categories[entry["code"]] = add_category(
                entry["code"],
                entry["name"],
                parent=categories.get(entry["parent"] or ""),
                name_en=entry["name_en"],
                kind=entry["kind"],
                aliases=entry["aliases"],
            )
    known = set(EquipmentModel.objects.values_list("code", flat=True))
    for entry in source["models"]:
        if entry["code"] not in known:
            add_model(
                entry["code"],
                entry["name"],
                categories[entry["category_code"]],
                aliases=[*entry["aliases"], *entry["model_codes"]],
                name_en=entry["name_en"],
                brand=entry["brand"],
                family=entry["family"],
                is_regulated=entry["regulated"],
            )
    return {"categories": len(categories), "models": EquipmentModel.objects.count()}


@transaction.atomic
def load_statutory_rules() -> dict[str, int]:
    """The kinds of statutory certificate, and which equipment × task needs which."""
    source = data("statutory")
    for entry in source["kinds"]:
        terms = ("name", "project_codes", "issuer", "valid_years", "review_years", "rule")
        leads = ("renewal_lead_days", "review_lead_days")
        StatutoryKind.objects.get_or_create(code=entry["code"], defaults={name: entry[name] for name in terms + leads})
    kinds = {kind.code: kind for kind in StatutoryKind.objects.all()}
    categories = {category.code: category for category in EquipmentCategory.objects.all()}
    models = {model.code: model for model in EquipmentModel.objects.all()}
    for entry in source["rules"]:
        category, model = categories.get(entry.get("category", "")), models.get(entry.get("model", ""))
        # A profile that holds some of the equipment needs the rules of that equipment alone.
        if category is not None or model is not None:
            StatutoryRule.objects.get_or_create(
                kind=kinds[entry["kind"]],
                category=category,
                model=model,
                defaults={"tasks": entry["tasks"], "source": entry["source"]},
            )
    return {"statutory rules": StatutoryRule.objects.count()}


@transaction.atomic
def load_units() -> dict[str, int]:
    """Single machines at the customers', each with the secret of its label."""
    organisations = {organisation.code: organisation for organisation in Organisation.objects.all()}
    models = {model.code: model for model in EquipmentModel.objects.all()}
    known = set(EquipmentUnit.objects.values_list("serial", flat=True))
    for entry in data("units")["units"]:
        if entry["serial_number"] in known:
            continue
        installed = day_before(entry["installed_days_ago"])
        add_unit(
            entry["serial_number"],
            models[entry["model"]],
            customer=organisations[entry["customer"]],
            place=entry["place"],
            purchased_on=day_before(entry["purchased_days_ago"]),
            installed_on=installed,
            warranty_until=installed + relativedelta(months=entry["warranty_months"]),
        )
    return {"units": EquipmentUnit.objects.count()}


@transaction.atomic
def load_pages() -> dict[str, int]:
    """The home page's introduction, if it has none, and the information pages below it."""
    source = data("pages")
    home = make_home_page()
    if not home.introduction:
        home.introduction = source["home"]["introduction"]
        home.save_revision().publish()
    for entry in source["pages"]:
        if InformationPage.objects.filter(slug=entry["slug"]).exists():
            continue
        page = InformationPage(
            title=entry["title"],
            slug=entry["slug"],
            audience=Audience(entry["audience"]),
            introduction=entry["introduction"],
            body="".join(entry["body"]),
        )
        home.add_child(instance=page)
        page.save_revision().publish()
    return {"pages": InformationPage.objects.count() + 1}


def demo_sign_ins() -> list[Person]:
    """Return the demo people who can sign in with the demo password; none where no demo data is loaded."""
    numbers: dict[str, None] = {}
    for name in profiles():
        with package(name):
            numbers |= dict.fromkeys(entry["staff_no"] for entry in data("people")["people"] if entry["sign_in"])
    order = {number: place for place, number in enumerate(numbers)}
    people = Person.objects.filter(staff_number__in=numbers, is_active=True).select_related("organisation")
    found = sorted(people, key=lambda person: order[person.staff_number])
    # One check is enough: argon2 takes its time, and the loader gives all of them the same password.
    return found if found and found[0].check_password(DEMO_PASSWORD) else []
