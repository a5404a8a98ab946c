"""Settings of the organisation: names, hotline, tiers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from portal.enums import Tier


@register_setting(icon="cog")
class PortalSettings(BaseGenericSetting):
    """Names, hotline and what forms and certificates carry. Names are shown as written, whatever the language."""

    organisation_name = models.CharField(
        _("organisation name"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("Issues certificates and stands on every form; without one the portal's name does."),
    )
    site_name = models.CharField(_("name of the portal"), max_length=30, default="上岗通")
    hotline = models.CharField(_("service hotline"), max_length=40, blank=True, default="")
    hours_note = models.CharField(_("hotline hours"), max_length=60, blank=True, default="")
    certificate_prefix = models.CharField(_("certificate number prefix"), max_length=8, default="SG")
    expiring_days = models.PositiveSmallIntegerField(_("days before expiry shown in yellow"), default=60)
    override_days = models.PositiveSmallIntegerField(
        _("longest override of the duty check, in days"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
        help_text=_("Managers answer for no more days at once than this; seven at most."),
    )
    sign_in_sheet_form = models.CharField(_("form number of the sign-in sheet"), max_length=30, blank=True, default="")
    training_record_form = models.CharField(
        _("form number of the training record"), max_length=30, blank=True, default=""
    )
    evaluation_form = models.CharField(_("form number of the evaluation"), max_length=30, blank=True, default="")
    walk_ins_by_scan = models.BooleanField(
        _("who has no seat may scan the check-in code"),
        default=True,
        help_text=_("The trainer decides about each of them; without it they are sent to the trainer at once."),
    )
    people_say_needs = models.BooleanField(
        _("people say which training they need"),
        default=True,
        help_text=_("Their manager sees it beside the needs of the place; the yearly plan takes it in."),
    )
    evaluations_shown_from = models.PositiveSmallIntegerField(
        _("answers from which evaluations are shown"),
        default=5,
        validators=[MinValueValidator(3), MaxValueValidator(50)],
        help_text=_("With fewer answers one could tell who wrote them."),
    )
    robot_hosts = models.TextField(
        _("hosts of chat robots"),
        default="qyapi.weixin.qq.com\noapi.dingtalk.com",
        blank=True,
        help_text=_("One a line. Robots at other addresses are refused."),
    )
    notices_kept_days = models.PositiveSmallIntegerField(
        _("days notices are kept"),
        default=365,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
        help_text=_("What people were told in the portal and in group chats is forgotten after so many days."),
    )
    fault_card_form = models.CharField(_("form number of the fault card"), max_length=30, blank=True, default="")
    certificate_form = models.CharField(_("form number of the certificate"), max_length=30, blank=True, default="")
    tier_hq = models.CharField(_("name of the top tier"), max_length=20, default="总部")
    tier_region = models.CharField(_("name of the middle tier"), max_length=20, default="区域")
    tier_outlet = models.CharField(_("name of the lowest tier"), max_length=20, default="网点")
    tier_customer = models.CharField(_("name for customers"), max_length=20, default="客户")

    panels = [
        FieldPanel("organisation_name"),
        FieldPanel("site_name"),
        FieldPanel("hotline"),
        FieldPanel("hours_note"),
        FieldPanel("certificate_prefix"),
        FieldPanel("expiring_days"),
        FieldPanel("override_days"),
        FieldPanel("walk_ins_by_scan"),
        FieldPanel("people_say_needs"),
        FieldPanel("evaluations_shown_from"),
        FieldPanel("robot_hosts"),
        FieldPanel("notices_kept_days"),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "sign_in_sheet_form",
                    "training_record_form",
                    "evaluation_form",
                    "fault_card_form",
                    "certificate_form",
                )
            ],
            heading=_("Form numbers"),
            help_text=_("As the quality system numbers its forms, e.g. PX-04 A/1; a form without one says none."),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("tier_hq", "tier_region", "tier_outlet", "tier_customer")],
            heading=_("Names of the tiers"),
            help_text=_("What this organisation calls the places of its network."),
        ),
    ]

    class Meta:
        verbose_name = _("portal settings")

    @property
    def issuer(self) -> str:
        """The name that stands on paper."""
        return self.organisation_name or self.site_name

    def tier_name(self, tier: str) -> str:
        """Return what the organisation calls a tier, e.g. ``Tier.OUTLET``."""
        return str(getattr(self, f"tier_{Tier(tier).value}"))
