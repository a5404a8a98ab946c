"""URLs of the knowledge base."""

from django.urls import path, re_path

from kb.bulletins import views as bulletins
from kb.cases import reader_views as case_readers
from kb.cases import views as cases
from kb.diagnosis import views as diagnosis
from kb.faults import views as faults
from kb.faults.today_views import today
from kb.feedback.views import answer
from kb.handling import views as handling
from kb.manuals import views as manuals
from kb.manuals.comparison_views import comparison
from kb.manuals.papers.views import paper
from kb.pictures import views as pictures
from kb.reviewing import views as reviewing
from kb.views import overview

app_name = "kb"
urlpatterns = [
    path("", overview, name="index"),
    path("faults/", faults.fault_list, name="faults"),
    path("faults/<slug:number>.pdf", faults.fault_card, name="fault_card"),
    path("faults/<slug:number>/", faults.fault, name="fault"),
    path("faults/<slug:number>/solved/", answer, name="answer"),
    path("faults/<slug:number>/today/", today, name="fault_today"),
    path("codes/<path:code>/", faults.code, name="code"),
    path("diagnosis/", diagnosis.guide_list, name="guides"),
    path("diagnosis/<slug:number>/", diagnosis.guide, name="guide"),
    path("diagnosis/<slug:number>/whole/", diagnosis.whole, name="guide_whole"),
    path("diagnosis/<slug:number>/runs/", diagnosis.late_run, name="guide_late_run"),
    path("diagnosis/<slug:number>/step/", diagnosis.step, name="guide_first"),
    re_path(r"^diagnosis/(?P<number>[-\w]+)/step/(?P<path>[yn]{1,40})/$", diagnosis.step, name="guide_step"),
    path("bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("bulletins/<slug:number>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<slug:number>/confirm/", bulletins.confirm, name="bulletin_confirm"),
    path("bulletins/<slug:number>/readers/", bulletins.readers, name="bulletin_readers"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/new/", cases.report, name="case_report"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/article/", cases.draft, name="case_draft"),
    path("cases/<int:pk>/holds/", cases.confirm, name="case_confirm"),
    path("cases/<int:pk>/photos/<int:photo_pk>.jpg", cases.photo, name="case_photo"),
    path("cases/<int:pk>/readers/", case_readers.add, name="case_reader_add"),
    path("cases/<int:pk>/readers/<int:reader_pk>/remove/", case_readers.remove, name="case_reader_remove"),
    path("cases/<int:pk>/<slug:name>/", cases.act, name="case_act"),
    path("reviews/", reviewing.reviews, name="reviews"),
    path("reviews/<slug:kind>/<int:pk>/", reviewing.review, name="review"),
    path("reviews/<slug:kind>/<int:pk>/draft/", reviewing.draft, name="review_draft"),
    path("units/<int:pk>/records/", handling.records, name="records"),
    path("units/<int:pk>/records/new/", handling.new_record, name="record_new"),
    path("records/<int:pk>/correct/", handling.correct, name="record_correct"),
    path("pictures/<slug:kind>/<slug:name>/<int:pk>/", pictures.picture_page, name="picture"),
    path("pictures/<slug:kind>/<slug:name>/<int:pk>/video/", pictures.picture_video, name="picture_video"),
    path("pictures/<slug:kind>/<slug:name>/<int:pk>/<int:width>/", pictures.picture_file, name="picture_file"),
    path("manuals/", manuals.manual_list, name="manuals"),
    path("manuals/<slug:number>/", manuals.manual, name="manual"),
    path("manuals/<slug:number>/compare/", comparison, name="edition_comparison"),
    path("manuals/<slug:number>/<slug:edition>/pdf/", paper, name="edition_paper"),
    path("manuals/<slug:number>/<slug:edition>/", manuals.manual, name="edition"),
]
