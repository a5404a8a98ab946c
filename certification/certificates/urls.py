"""URLs of public verification; mounted at /verify/."""

from django.urls import path

from certification.certificates import key_views, verify_views

app_name = "verify"
urlpatterns = [
    path("", verify_views.find, name="find"),
    path("offline/", key_views.offline, name="offline"),
    path("issuer.json", key_views.issuer, name="issuer"),
    path("<str:number>/revocations.json", key_views.revocations, name="revocations"),
    path("<str:number>/", verify_views.certificate, name="certificate"),
]
