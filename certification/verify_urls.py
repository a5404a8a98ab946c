"""Public verification of certificates; mounted at /verify/."""

urlpatterns: list = []
