"""Calendar feeds by secret token; mounted at /calendar/."""

urlpatterns: list = []
