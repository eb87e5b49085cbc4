"""Today, Finish, search, statistics."""

from django.urls import path

from optamed.desk.views import figures, finish, search, today

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("today/<int:pk>/undo/", today.undo, name="undo"),
    path("finish/<int:pk>/open/", finish.open_sheet, name="finish-open"),
    path("finish/<int:pk>/", finish.finish, name="finish"),
    path("finish/<int:pk>/note/", finish.save_note, name="finish-note"),
    path("search/", search.search, name="search"),
    path("statistics/", figures.statistics, name="statistics"),
]
