"""URLs of calendar feeds by secret token; mounted at /calendar/."""

from django.urls import path

from courses.calendars import feed_views

app_name = "calendars"
urlpatterns = [path("<slug:secret>.ics", feed_views.feed, name="feed")]
