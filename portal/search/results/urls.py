"""URLs of search."""

from django.urls import path

from portal.search.results import views

urlpatterns = [
    path("search/", views.results, name="search"),
    path("search/use/", views.use, name="search_use"),
]
