from django.urls import path

from checkins.guided import choosing, files, filling, result, review, views, who

urlpatterns = [
    path("new/", views.new, name="new"),
    path("new/<uuid:key>/", who.begin, name="new-begin"),
    path("<int:checkin_id>/again/", views.once_more, name="again"),
    path("drafts/", views.index, name="drafts"),
    path("drafts/position/", who.position, name="draft-position"),
    path("drafts/<int:pk>/", views.draft, name="draft"),
    path("drafts/<int:pk>/who/", who.who, name="draft-who"),
    path("drafts/<int:pk>/form/", choosing.form, name="draft-form"),
    path("drafts/<int:pk>/answers/", filling.answers, name="draft-answers"),
    path("drafts/<int:pk>/coming/", files.coming, name="draft-coming"),
    path("drafts/<int:pk>/review/", review.review, name="draft-review"),
    path("drafts/<int:pk>/progress/", result.progress, name="draft-progress"),
    path("drafts/<int:pk>/cancel/", result.cancel, name="draft-cancel"),
    path("drafts/<int:pk>/go-on/", result.go_on, name="draft-go-on"),
    path("drafts/<int:pk>/resume/", result.resume, name="draft-resume"),
    path("drafts/<int:pk>/decide/", result.decide, name="draft-decide"),
    path("drafts/<int:pk>/remove/", views.remove, name="draft-remove"),
    path("drafts/<int:pk>/undo/", views.take_back, name="draft-undo"),
    path("drafts/<int:pk>/files/", files.upload, name="draft-upload"),
    path("drafts/<int:pk>/files/order/", files.order, name="draft-order"),
    path("drafts/<int:pk>/files/restore/", files.restore, name="draft-restore"),
    path("drafts/<int:pk>/files/<int:file>/", files.one, name="draft-file"),
    path("drafts/<int:pk>/files/<int:file>/preview/", files.preview, name="draft-preview"),
    path("drafts/<int:pk>/files/<int:file>/retry/", result.retry, name="draft-retry"),
    path("drafts/<int:pk>/files/<int:file>/skip/", result.skip, name="draft-skip"),
    path("drafts/<int:pk>/files/<int:file>/<str:act>/", files.change, name="draft-act"),
]
