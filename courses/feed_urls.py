"""Calendar feeds by secret token; mounted at /calendar/."""

from django.urls import path

from courses.views import feeds

app_name = "calendars"
urlpatterns = [path("<slug:secret>.ics", feeds.feed, name="feed")]
