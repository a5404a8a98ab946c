"""Notices in the portal, by which channel each reaches somebody, and the robots of group chats."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.sealed import SealedField


class PortalNotice(models.Model):
    """Something somebody is told in the portal; the same key is told once."""

    key = models.UUIDField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    # A path of this portal; empty where there is nothing to open.
    path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["person", "-created_at"]), models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return self.title


class NoticeChoice(models.Model):
    """By which channels somebody wants notices of one kind; without a choice, by letter and in the portal."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(_("kind"), max_length=20)
    by_mail = models.BooleanField(_("by e-mail"), default=True)
    in_portal = models.BooleanField(_("in the portal"), default=True)
    by_robot = models.BooleanField(_("in the group chat"), default=False)

    class Meta:
        verbose_name = _("choice of channels")
        verbose_name_plural = _("choices of channels")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                name="channels_once_a_kind",
                violation_error_message=_("The channels of this kind are chosen already."),
            ),
            models.CheckConstraint(
                condition=models.Q(by_mail=True) | models.Q(in_portal=True) | models.Q(by_robot=True),
                name="a_notice_has_a_channel",
                violation_error_message=_("Choose at least one channel."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.kind}"


class RobotKind(models.TextChoices):
    """Whose group chat a robot writes to."""

    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")


class ChatRobot(models.Model):
    """A robot of a group chat of one branch. Its address is its key: it is shown to nobody once it is saved."""

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=RobotKind.choices)
    organisation = models.OneToOneField(
        "portal.Organisation", on_delete=models.CASCADE, related_name="chat_robot", verbose_name=_("organisation")
    )
    address = SealedField(_("webhook address"))
    secret = SealedField(_("signing secret"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("chat robot")
        verbose_name_plural = _("chat robots")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class RobotMessage(models.Model):
    """A message a robot has to write; the same key is written once."""

    key = models.UUIDField(primary_key=True)
    robot = models.ForeignKey(ChatRobot, on_delete=models.CASCADE, related_name="messages")
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["robot", "tried_at"])]

    def __str__(self) -> str:
        return str(self.key)


class Reminder(models.Model):
    """That a reminder was given: written after its notices, which carry the same key and are given once themselves."""

    key = models.UUIDField(primary_key=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return str(self.key)
