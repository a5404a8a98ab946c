"""Public verification of certificates; mounted at /verify/."""

from django.urls import path

from certification.views import verify

app_name = "verify"
urlpatterns = [
    path("", verify.find, name="find"),
    path("<str:number>/", verify.certificate, name="certificate"),
]
