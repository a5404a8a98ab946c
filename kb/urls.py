"""URLs of the knowledge base."""

from django.urls import path

from kb.faults import views as faults
from kb.feedback.views import answer
from kb.manuals import views as manuals
from kb.views import overview

app_name = "kb"
urlpatterns = [
    path("", overview, name="index"),
    path("faults/", faults.fault_list, name="faults"),
    path("faults/<slug:number>.pdf", faults.fault_card, name="fault_card"),
    path("faults/<slug:number>/", faults.fault, name="fault"),
    path("faults/<slug:number>/solved/", answer, name="answer"),
    path("codes/<path:code>/", faults.code, name="code"),
    path("manuals/", manuals.manual_list, name="manuals"),
    path("manuals/<slug:number>/", manuals.manual, name="manual"),
    path("manuals/<slug:number>/<slug:edition>/", manuals.manual, name="edition"),
]
