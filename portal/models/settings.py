"""What the organisation sets about itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="cog")
class PortalSettings(BaseGenericSetting):
    """Name, hotline and the number forms and certificates carry."""

    organisation_name = models.CharField(_("organisation name"), max_length=120, default="示例厨房设备有限公司")
    hotline = models.CharField(_("service hotline"), max_length=40, default="400-000-0000")
    hours_note = models.CharField(_("hotline hours"), max_length=60, blank=True, default="365 天 24 小时")
    certificate_prefix = models.CharField(_("certificate number prefix"), max_length=8, default="SG")
    expiring_days = models.PositiveSmallIntegerField(_("days before expiry shown in yellow"), default=60)

    class Meta:
        verbose_name = _("portal settings")
