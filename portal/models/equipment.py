"""Equipment: category tree, models with aliases, units by serial number."""

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from portal.enums import SubjectKind
from portal.models.bar import BarModel, keeping_changes
from portal.models.keys import NameKey, NumberKey, PinyinKey
from portal.models.organisations import Organisation


def english_or(name: str, name_en: str) -> str:
    """Return the English name on an English screen, where there is one; the name otherwise."""
    return name_en if name_en and (get_language() or "").startswith("en") else name


class EquipmentCategory(MP_Node):
    """A node of the category tree, e.g. 冷冻设备. Schemes, modules and manuals hang on categories."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SubjectKind.choices, default=SubjectKind.MACHINE)
    aliases = models.JSONField(_("aliases"), default=list, blank=True, help_text=_("Other words people use for it."))

    node_order_by = ["code"]
    # Where the category stood earlier: the paths of itself and of everything above it. None where it stands as stored.
    stood_in: frozenset[str] | None = None

    class Meta:
        verbose_name = _("equipment category")
        verbose_name_plural = _("equipment categories")

    def __str__(self) -> str:
        return self.name

    def move(self, target: MP_Node, pos: str | None = None) -> None:
        """Move it with what is below it: other schemes and rules may bear on its machines from then on."""
        with keeping_changes(type(self), [self.pk]):
            super().move(target, pos)

    @property
    def shown_name(self) -> str:
        """What it is called in the language of the screen."""
        return english_or(self.name, self.name_en)

    def is_within(self, path: str) -> bool:
        """Whether it is the category at ``path`` or stands below it."""
        return self.path.startswith(path) if self.stood_in is None else path in self.stood_in


class EquipmentModel(BarModel):
    """One machine type, the thing the duty gate is asked about."""

    code = models.CharField(_("code"), max_length=30, unique=True, help_text=_("Used in the API and in imports."))
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    category = models.ForeignKey(
        EquipmentCategory, on_delete=models.PROTECT, related_name="models", verbose_name=_("category")
    )
    brand = models.CharField(_("brand"), max_length=60, blank=True)
    family = models.CharField(_("family"), max_length=80, blank=True)
    is_regulated = models.BooleanField(
        _("regulated"),
        default=False,
        help_text=_("A statutory certificate is needed besides the in-house one before anybody may work on it."),
    )

    code_key = NumberKey(source="code", max_length=30)
    name_key = NameKey(source="name")
    name_pinyin = PinyinKey(source="name")
    name_initials = PinyinKey(source="name", initials=True)

    # Rows that are part of the record in the audit log.
    audited_rows = ("aliases",)

    class Meta:
        verbose_name = _("equipment model")
        verbose_name_plural = _("equipment models")
        ordering = ["category__path", "code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("equipment_model", args=[self.code])

    @property
    def called(self) -> str:
        """Name and code: several machines may have one name."""
        return f"{self.name} {self.code}"

    @property
    def shown_name(self) -> str:
        """What it is called in the language of the screen."""
        return english_or(self.name, self.name_en)


class EquipmentAlias(models.Model):
    """Another name for a model; the same word may mean several models (冰柜)."""

    model = models.ForeignKey(EquipmentModel, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("alias"), max_length=80, db_index=True)
    name_key = NameKey(source="name")
    name_pinyin = PinyinKey(source="name")
    name_initials = PinyinKey(source="name", initials=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [models.UniqueConstraint(fields=["model", "name"], name="alias_once_a_model")]

    def __str__(self) -> str:
        return self.name


class EquipmentUnit(models.Model):
    """One machine by its serial number (逐号建档)."""

    serial = models.CharField(_("serial number"), max_length=60, unique=True)
    model = models.ForeignKey(EquipmentModel, on_delete=models.PROTECT, related_name="units", verbose_name=_("model"))
    customer = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="units",
        verbose_name=_("customer"),
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    purchased_on = models.DateField(_("purchased on"), null=True, blank=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    serial_key = NumberKey(source="serial", max_length=60)

    class Meta:
        verbose_name = _("equipment unit")
        verbose_name_plural = _("equipment units")
        ordering = ["serial"]

    def __str__(self) -> str:
        return f"{self.serial} · {self.model}"
