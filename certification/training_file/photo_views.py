"""The photo in a person's file: shown to whom the file is open, set by its holder and by who keeps the file."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from certification.permissions import can_set_photo
from certification.training_file.views import find_file
from portal.content.files import SANDBOX
from portal.content.portraits import SMALLEST, Square, UnusablePortrait, keep_portrait, remove_portrait


class PhotoForm(forms.Form):
    """A photo and the square to keep of it; the sliders work with the keyboard and without a picture on screen."""

    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "user"}),
        help_text=gettext_lazy(
            "Face from the front, one person, nothing on the head; JPEG, PNG or WebP, 12 MB at most."
        ),
    )
    size = forms.IntegerField(
        label=gettext_lazy("Size of the square"),
        min_value=SMALLEST,
        max_value=100,
        initial=100,
        widget=forms.NumberInput(attrs={"type": "range", "step": 1}),
    )
    across = forms.IntegerField(
        label=gettext_lazy("From left to right"),
        min_value=0,
        max_value=100,
        initial=50,
        widget=forms.NumberInput(attrs={"type": "range", "step": 1}),
    )
    down = forms.IntegerField(
        label=gettext_lazy("From top to bottom"),
        min_value=0,
        max_value=100,
        initial=50,
        widget=forms.NumberInput(attrs={"type": "range", "step": 1}),
    )


@login_required
@require_safe
def photo(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Serve the photo to whom the file is open; for everybody else there is none."""
    shown = find_file(request.user, staff_number).photo
    if shown is None or not shown.file.storage.exists(shown.file.name):
        raise Http404
    response = FileResponse(shown.file.open("rb"), filename="photo.jpg", content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_photo(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Choose a photo and its square, or delete the one there is."""
    person = find_file(request.user, staff_number)
    if not can_set_photo(request.user, person):
        raise PermissionDenied
    if request.method == "POST" and request.POST.get("step") == "remove":
        remove_portrait(person, by=request.user)
        messages.success(request, _("The photo was deleted."))
        return redirect("certification:person", person.staff_number)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            keep_portrait(person, data["photo"], Square(data["size"], data["across"], data["down"]), by=request.user)
        except UnusablePortrait as error:
            form.add_error("photo", str(error))
        else:
            messages.success(request, _("The photo was kept. Work cards and badges printed from now on show it."))
            return redirect("certification:person", person.staff_number)
    context = {"form": form, "subject": person}
    status = 422 if form.errors else 200
    return render(request, "certification/training_file/photo_form.html", context, status=status)
