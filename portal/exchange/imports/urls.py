"""URLs of imports."""

from django.urls import path

from portal.exchange.imports import views

urlpatterns = [
    path("", views.import_list, name="imports"),
    path("new/<slug:kind>/", views.import_new, name="import_new"),
    path("<int:pk>/", views.import_page, name="import"),
    path("<int:pk>/columns/", views.import_columns, name="import_columns"),
    path("<int:pk>/answers/", views.import_answers, name="import_answers"),
    path("<int:pk>/accept/", views.import_accept, name="import_accept"),
    path("<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("<int:pk>/discard/", views.import_discard, name="import_discard"),
    path("<int:pk>/file/", views.import_raw, name="import_raw"),
]
