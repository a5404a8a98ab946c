"""URLs of certification."""

from django.urls import path, re_path

from certification.certificates import training_views as training
from certification.certificates import views as certificates
from certification.countersignatures import views as countersignatures
from certification.duty import views as duty
from certification.duty.lists import views as duty_lists
from certification.duty.log import views as duty_log
from certification.evidence import pack_views as packs
from certification.evidence import views as evidence
from certification.guidance import views as guidance
from certification.ledger import views as corrections
from certification.overrides import views as overrides
from certification.overview import survey_views as surveys
from certification.overview import views as overview
from certification.practicals import photo_views as practical_photos
from certification.practicals import views as practicals
from certification.practice import views as practice
from certification.quizzes import marking_views, sitting_views
from certification.quizzes import views as quizzes
from certification.revisions import views as revisions
from certification.statutory import company_views as company
from certification.statutory import views as statutory
from certification.stops import views as stops
from certification.takeover import views as takeover
from certification.training_file import copy_views as copies
from certification.training_file import excuse_views, own_views, scheme_views
from certification.training_file import paper_views as dossiers
from certification.training_file import photo_views as photos
from certification.training_file import views as files

app_name = "certification"
urlpatterns = [
    path("", own_views.mine, name="mine"),
    path("schemes/<slug:code>/", scheme_views.scheme, name="scheme"),
    path("quizzes/<slug:code>/", quizzes.quiz, name="quiz"),
    path("quizzes/<slug:code>/start/", quizzes.start, name="start"),
    path("attempts/<int:pk>/", quizzes.attempt, name="attempt"),
    path("attempts/<int:pk>/answers/", quizzes.answer, name="answer"),
    path("attempts/<int:pk>/pictures/<int:order>/", quizzes.picture, name="attempt_picture"),
    path("attempts/<int:pk>/submit/", quizzes.submit, name="submit"),
    path("attempts/<int:pk>/read/", quizzes.read, name="attempt_read"),
    path("people/<slug:staff_number>/quizzes/<slug:code>/excuse/", excuse_views.excuse, name="excuse"),
    path("excuses/", excuse_views.excuses, name="excuses"),
    path("excuses/<int:pk>/decide/", excuse_views.decide, name="excuse_decide"),
    path("quizzes/<slug:code>/practice/", practice.practise, name="practise"),
    path("practice/<int:pk>/", practice.practice_question, name="practice_question"),
    path("practice/<int:pk>/picture/", practice.practice_picture, name="practice_picture"),
    path("wrong-answers/", practice.book, name="wrong_book"),
    path("wrong-answers/practice/", practice.practise_wrong, name="practise_wrong"),
    path("quizzes/<slug:code>/sitting/", sitting_views.sitting, name="sitting"),
    path("marking/", marking_views.marking, name="marking"),
    path("marking/<int:pk>/", marking_views.mark_paper, name="mark_paper"),
    path("practicals/", practicals.practicals, name="practicals"),
    path("practicals/signed/", practicals.signed, name="practicals_signed"),
    path("practicals/photos/<int:pk>/", practical_photos.show, name="practical_photo"),
    path("practicals/photos/<int:pk>/remove/", practical_photos.remove, name="practical_photo_remove"),
    path("practicals/<slug:checklist>/<slug:staff_number>/", practicals.practical, name="practical"),
    path("practicals/<slug:checklist>/<slug:staff_number>/photos/", practical_photos.add, name="practical_photos"),
    path("countersignatures/", countersignatures.countersignatures, name="countersignatures"),
    path("countersignatures/<slug:staff_number>/<slug:scheme>/", countersignatures.sign, name="countersign"),
    path("people/<slug:staff_number>/", files.person_file, name="person"),
    path("people/<slug:staff_number>/copy.zip", copies.take_copy, name="copy"),
    path("people/<slug:staff_number>/dossier/", dossiers.dossier, name="dossier"),
    path("people/<slug:staff_number>/photo/", photos.photo, name="photo"),
    path("people/<slug:staff_number>/photo/edit/", photos.edit_photo, name="photo_edit"),
    path("people/<slug:staff_number>/quizzes/<slug:code>/release/", files.release, name="release"),
    re_path(
        r"^people/(?P<staff_number>[-\w]+)/(?P<scheme>[-\w]+)/(?P<verb>suspend|reinstate|revoke)/$",
        files.act,
        name="act",
    ),
    path("people/<slug:staff_number>/<slug:scheme>/limit/", files.limit, name="limit"),
    path("people/<slug:staff_number>/ledger/<int:pk>/correct/", corrections.correct, name="correct"),
    path("evidence/attempts/<int:pk>/", evidence.paper, name="evidence_paper"),
    path("evidence/attempts/<int:pk>.pdf", evidence.paper_pdf, name="evidence_paper_pdf"),
    path("evidence/practicals/<int:pk>/", evidence.practical, name="evidence_practical"),
    path("evidence/practicals/<int:pk>/photos/<int:photo>/", evidence.practical_photo, name="evidence_photo"),
    path("evidence/practicals/<int:pk>.pdf", evidence.practical_pdf, name="evidence_practical_pdf"),
    path("evidence/packs/", packs.pack, name="pack"),
    path("evidence/samples/", packs.samples, name="samples"),
    path("evidence/samples/<int:pk>.zip", packs.sample_file, name="sample_file"),
    path("readings/<int:pk>/", revisions.reading, name="reading"),
    path("manuals/<slug:number>/read/", revisions.read_manual, name="read_manual"),
    path("matrix/", overview.matrix, name="matrix"),
    path("matrix/work/", surveys.works, name="works"),
    path("expiring/", surveys.expiring, name="expiring"),
    path("coverage/forecast/", surveys.coverage_forecast, name="forecast"),
    path("people/<slug:staff_number>/moves/", surveys.moves, name="moves"),
    path("coverage/", overview.coverage_page, name="coverage"),
    path("posts/", overview.posts, name="posts"),
    path("as-of/", overview.as_of, name="as_of"),
    path("duty/", duty.duty_page, name="duty"),
    path("duty/list/", duty_lists.ask_many, name="duty_list"),
    path("duty/asked/", duty_log.inquiries, name="inquiries"),
    path("duty/asked/<int:pk>/", duty_log.inquiry, name="inquiry"),
    path("stops/", stops.stops, name="stops"),
    path("stops/<int:pk>/lift/", stops.lift, name="stop_lift"),
    path("guidance/", guidance.guidance, name="guidance"),
    path("guidance/<int:pk>/end/", guidance.end, name="guidance_end"),
    path("overrides/", overrides.overrides, name="overrides"),
    path("overrides/<int:pk>/withdraw/", overrides.withdraw, name="override_withdraw"),
    path("statutory/", statutory.cards, name="statutory_cards"),
    path("statutory/new/", statutory.new, name="statutory_new"),
    path("statutory/<int:pk>/withdraw/", statutory.withdraw, name="statutory_withdraw"),
    path("statutory/<int:pk>/verify/", statutory.verify, name="statutory_verify"),
    path("statutory/<int:pk>/scan/", statutory.scan, name="statutory_scan"),
    path("earlier/", takeover.taken_over, name="taken_over"),
    path("earlier/new/<slug:kind>/", takeover.new, name="take_over"),
    path("earlier/<int:pk>/scan/", takeover.scan, name="taken_over_scan"),
    path("earlier/<int:pk>/attach/", takeover.attach, name="taken_over_attach"),
    path("earlier/<int:pk>/withdraw/", takeover.take_back, name="taken_over_withdraw"),
    path("company-documents/", company.documents, name="company_documents"),
    path("company-documents/new/", company.new_document, name="company_document_new"),
    path("company-documents/<int:pk>/scan/", company.document_scan, name="company_document_scan"),
    path("company-documents/<int:pk>/withdraw/", company.withdraw, name="company_document_withdraw"),
    path("certificates/", certificates.certificates, name="certificates"),
    re_path(
        r"^certificates/print/(?P<paper>certificates|work-cards|card-sheets|badges)/$",
        certificates.print_list,
        name="certificates_print",
    ),
    path("training-certificates/<int:pk>/", training.training_certificates, name="training_certificates"),
    path(
        "training-certificates/<int:pk>/print.pdf",
        training.training_certificates_print,
        name="training_certificates_print",
    ),
    path("certificates/<str:number>.pdf", certificates.certificate, name="certificate_pdf"),
    path("certificates/<str:number>/card.pdf", certificates.work_card, name="work_card_pdf"),
    path("certificates/<str:number>/credential/", certificates.credential, name="credential"),
    path("certificates/<str:number>/badge.pdf", certificates.badge, name="badge_pdf"),
]
