"""Choices shared by every app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    """Place in the service network; customers hang beside it."""

    HQ = "hq", _("Headquarters")
    REGION = "region", _("Region")
    OUTLET = "outlet", _("Outlet")
    CUSTOMER = "customer", _("Customer")


class Audience(models.TextChoices):
    """Who may open a page, record or document. Each value includes those before it."""

    PUBLIC = "public", _("Everyone")
    CUSTOMERS = "customers", _("Customers and staff")
    STAFF = "staff", _("Staff")
    RESTRICTED = "restricted", _("Restricted")


class Role(models.TextChoices):
    """What a person does in the portal; each role is a group of the same name."""

    ENGINEER = "engineer", _("Engineer")
    TRAINER = "trainer", _("Trainer")
    ASSESSOR = "assessor", _("Assessor")
    DISPATCHER = "dispatcher", _("Dispatcher")
    EDITOR = "editor", _("Content editor")
    MANAGER = "manager", _("Region manager")
    CUSTOMER_CONTACT = "customer_contact", _("Customer contact")
    AUDITOR = "auditor", _("Auditor")
    REGIONAL_ADMINISTRATOR = "regional_administrator", _("Regional administrator")
    ADMINISTRATOR = "administrator", _("Administrator")


class SubjectKind(models.TextChoices):
    """What a category holds: the portal does not assume machines (a feed company's subjects are animals)."""

    MACHINE = "machine", _("Machine")
    PRODUCT = "product", _("Product")
    SPECIES = "species", _("Species")


class ServiceStage(models.TextChoices):
    """The three stages of service an article or a course belongs to."""

    PRE_SALES = "pre_sales", _("Pre-sales")
    IN_SALES = "in_sales", _("During sales")
    AFTER_SALES = "after_sales", _("After-sales")


class TokenPurpose(models.TextChoices):
    """What a secret link opens."""

    UNIT = "unit", _("Equipment QR")
    CALENDAR = "calendar", _("Calendar feed")
    NOMINATION = "nomination", _("Naming people")
    OFFER = "offer", _("Seat offered")
    NOMINEE = "nominee", _("Named person at the door")


class Task(models.TextChoices):
    """What is done on equipment; schemes permit tasks, statutory rules name them."""

    OPERATE = "operate", _("Operate")
    MAINTAIN = "maintain", _("Maintain")
    REPAIR = "repair", _("Repair")
    INSTALL = "install", _("Install")
    COMMISSION = "commission", _("Commission")


class ImportState(models.TextChoices):
    """Life of an import; the legal steps are in ``portal.exchange.imports.domain``."""

    READING = "reading", _("Being read")
    COLUMNS = "columns", _("Columns to be named")
    PREVIEW = "preview", _("To be accepted")
    WRITING = "writing", _("Being written")
    ACCEPTED = "accepted", _("Imported")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")
    FAILED = "failed", _("Could not be read")


class BarOutcome(models.TextChoices):
    """What became of a change of what the duty gate demands."""

    CONFIRMED = "confirmed", _("Confirmed by a second person")
    UNDONE = "undone", _("Changed back")
