"""Demo records of the ground floor: the network, people, machines, the front page. All of it is invented."""

import datetime as dt
from functools import cache

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from portal.demo import data
from portal.demo_texts import HOME_INTRODUCTION, INFORMATION_PAGES
from portal.domain.equipment import add_category, add_model, add_unit
from portal.domain.organisations import add_organisation, add_position
from portal.domain.people import add_person, assign_position
from portal.enums import Role, Tier
from portal.models import (
    EquipmentCategory,
    EquipmentModel,
    EquipmentUnit,
    HomePage,
    InformationPage,
    Organisation,
    Person,
    PortalSettings,
    Position,
)

DEMO_PASSWORD = "shanggang-demo"  # noqa: S105  (demo data only, printed on the console)
ROLES = {"region_manager": Role.MANAGER, "content_editor": Role.EDITOR}


def day_before(days: int) -> dt.date:
    """Return the day ``days`` before today in the organisation's zone."""
    return timezone.localdate() - dt.timedelta(days=days)


@transaction.atomic
def load_organisations() -> dict[str, int]:
    """Settings, the network with its areas, and the customers below the outlet that serves them."""
    source = data("organisation")
    head = source["organisations"][0]
    settings = PortalSettings.load()
    if settings.pk is None or settings.hotline == PortalSettings._meta.get_field("hotline").default:
        settings.organisation_name, settings.hotline = head["name"], head["hotline"]
        settings.save()
    known = {organisation.code: organisation for organisation in Organisation.objects.all()}
    for entry in [*source["organisations"], *source["customers"]]:
        if entry["code"] in known:
            continue
        parent = known.get(entry.get("served_by") or entry["parent"] or "")
        known[entry["code"]] = add_organisation(
            entry["code"],
            entry["name"],
            Tier(entry["tier"]),
            parent=parent,
            areas=entry.get("areas", ()),
            address=entry["address"],
            contact_name=entry.get("engineer") or entry.get("contact", ""),
            phone=entry["phone"],
            is_emergency_fallback=entry.get("emergency_fallback", False),
            min_certified=entry.get("min_certified", 0 if entry["tier"] == Tier.CUSTOMER else 1),
        )
    return {"organisations": len(known)}


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
        if entry["reports_to_code"]:
            position = demo_position(entry["code"])
            superior = demo_position(entry["reports_to_code"])
            if position.reports_to_id is None and position != superior:
                position.reports_to = superior
                position.save(update_fields=["reports_to"])
    return {"positions": Position.objects.count()}


@cache
def _position_names() -> dict[str, tuple[str, str]]:
    return {entry["code"]: (entry["organisation"], entry["title"]) for entry in data("organisation")["positions"]}


def demo_position(code: str) -> Position:
    """Return the post the demo files call ``code``, e.g. ``PO-KT-02``."""
    organisation, title = _position_names()[code]
    return Position.objects.get(organisation__code=organisation, title=title)


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
        if entry["position"]:
            assign_position(person, demo_position(entry["position"]), start=joined)
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
    """The front page as root of the site, and the pages of prose below it."""
    home = HomePage.objects.first()
    if home is None:
        top = Page.get_first_root_node()
        home = top.add_child(
            instance=HomePage(title="上岗通", slug="front", introduction=HOME_INTRODUCTION, show_in_menus=True)
        )
        site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
        site.root_page, site.site_name = home, "上岗通"
        site.save()
        # Wagtail's own welcome page; nothing of ours stands below it.
        Page.objects.filter(depth=2, slug="home").exclude(pk=home.pk).delete()
    for title, slug, audience, introduction, body in INFORMATION_PAGES:
        if not InformationPage.objects.filter(slug=slug).exists():
            page = InformationPage(title=title, slug=slug, audience=audience, introduction=introduction, body=body)
            home.add_child(instance=page)
            page.save_revision().publish()
    return {"pages": InformationPage.objects.count() + 1}


def demo_sign_ins() -> list[Person]:
    """Return the demo people who can sign in with the demo password; none where no demo data is loaded."""
    numbers = [entry["staff_no"] for entry in data("people")["people"] if entry["sign_in"]]
    people = Person.objects.filter(staff_number__in=numbers, is_active=True).select_related("organisation")
    order = {number: place for place, number in enumerate(numbers)}
    found = sorted(people, key=lambda person: order[person.staff_number])
    # One check is enough: argon2 takes its time, and the loader gives all of them the same password.
    return found if found and found[0].check_password(DEMO_PASSWORD) else []
