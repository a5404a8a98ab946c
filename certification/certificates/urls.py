"""URLs of public verification; mounted at /verify/."""

from django.urls import path

from certification.certificates import verify_views

app_name = "verify"
urlpatterns = [
    path("", verify_views.find, name="find"),
    path("<str:number>/", verify_views.certificate, name="certificate"),
]
