"""Pages: what one was told, by which channels, and the robots of group chats for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.keys import uuid_or_404
from portal.access.sight import organisations_in_sight
from portal.enums import Role
from portal.errors import DomainError
from portal.models import ChatRobot, PortalNotice
from portal.notices.door import mark_read, robot_of
from portal.notices.forms import ChannelsForm, RobotForm
from portal.notices.robots import allowed_hosts, set_robot, stop_robot
from portal.registry.notices import notice_kinds
from portal.ui.filters import chips

PAGE = 20


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List what the reader was told, the newest first."""
    found = PortalNotice.objects.filter(person=request.user)
    kinds = [(kind.name, kind.label) for kind in notice_kinds(request.user)]
    kind = request.GET.get("kind", "")
    if kind in dict(kinds):
        found = found.filter(kind=kind)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "kinds": chips(request, "kind", kinds),
        "unread": request.user.unread_notices,
        "may_set_robots": request.user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "portal/notices/list.html", context)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark all notices as read, or one and open what it is about."""
    asked = request.POST.get("notice", "")
    if not asked:
        mark_read(request.user)
        return redirect("notices")
    notice = get_object_or_404(PortalNotice, pk=uuid_or_404(asked), person=request.user)
    mark_read(request.user, notice)
    is_ours = url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None)
    return redirect(notice.path if notice.path and is_ours else "notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """Choose channels by kind."""
    has_robot = robot_of(request.user) is not None
    form = ChannelsForm(request.POST or None, person=request.user, has_robot=has_robot)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("notice_channels")
    context = {"form": form, "has_robot": has_robot}
    return render(request, "portal/notices/channels.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def robots(request: HttpRequest) -> HttpResponse:
    """List the robots of group chats and set one; addresses and secrets are shown to nobody."""
    if not request.user.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied
    known = ChatRobot.objects.filter(organisation__in=organisations_in_sight(request.user).order_by().values("pk"))
    known = known.select_related("organisation")
    if "stop" in request.POST:
        stop = request.POST["stop"]
        stop_robot(get_object_or_404(known, pk=stop if stop.isdecimal() else None), by=request.user)
        messages.success(request, _("The robot writes nothing any more."))
        return redirect("chat_robots")
    form = RobotForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        try:
            set_robot(request.user, facts.pop("organisation"), **facts)
        except DomainError as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("Saved. The address is shown to nobody."))
            return redirect("chat_robots")
    page = Paginator(known, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "hosts": allowed_hosts()}
    return render(request, "portal/notices/robots.html", context, status=422 if form.errors else 200)
