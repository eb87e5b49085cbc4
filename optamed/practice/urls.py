"""The practice's addresses: the door, the first run, the settings."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from optamed.practice.views import about, first_run, money, passwords, people, places, shell, sign_in, slips

app_name = "practice"

DOOR = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("recover/", passwords.recover, name="recover"),
    path("password/", passwords.password, name="password"),
    path("password/codes/", passwords.recovery_codes, name="recovery-codes"),
    # These two stand before the admin's own, which know no throttle.
    path("admin/login/", sign_in.admin_sign_in, name="admin-sign-in"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="practice:password"), name="admin-password"),
]
SHELL = [
    path("language/", shell.language, name="language"),
    path("theme/", shell.theme, name="theme"),
    path("theme.css", shell.theme_css, name="theme-css"),
    path("health", shell.health, name="health"),
    path("quit/", shell.quit_program, name="quit"),
]
FIRST_RUN = [
    path("first-run/practice/", first_run.practice, name="first-run-practice"),
    path("first-run/therapist/", first_run.therapist, name="first-run-therapist"),
    path("first-run/bank/", first_run.bank, name="first-run-bank"),
    path("first-run/<str:token>/", first_run.language, name="first-run"),
    path("first-run/<str:token>/owner/", first_run.owner, name="first-run-owner"),
]
SETTINGS = [
    path("settings/", places.settings, name="settings"),
    path("settings/practice/", places.practice, name="practice"),
    path("settings/addresses/", places.address_list, name="addresses"),
    path("settings/addresses/new/", places.address_new, name="address-new"),
    path("settings/addresses/town/", places.town, name="town"),
    path("settings/addresses/<int:pk>/", places.address_edit, name="address"),
    path("settings/addresses/<int:pk>/archive/", places.address_archive, name="address-archive"),
    path("settings/addresses/<int:pk>/restore/", places.address_restore, name="address-restore"),
    path("settings/therapists/", people.therapist_list, name="therapists"),
    path("settings/therapists/new/", people.therapist_new, name="therapist-new"),
    path("settings/therapists/<int:pk>/", people.therapist_edit, name="therapist"),
    path("settings/therapists/<int:pk>/archive/", people.therapist_archive, name="therapist-archive"),
    path("settings/therapists/<int:pk>/restore/", people.therapist_restore, name="therapist-restore"),
    path("settings/prices/", money.price_list, name="prices"),
    path("settings/prices/<int:pk>/", money.price_edit, name="price"),
    path("settings/users/", people.user_list, name="users"),
    path("settings/users/new/", people.user_new, name="user-new"),
    path("settings/users/<int:pk>/", people.user_edit, name="user"),
    path("settings/users/<int:pk>/password/", people.user_password, name="user-password"),
    path("settings/accounts/", money.account_list, name="accounts"),
    path("settings/accounts/new/", money.account_new, name="account-new"),
    path("settings/accounts/check/", slips.check, name="account-check"),
    path("settings/accounts/<int:pk>/", money.account_edit, name="account"),
    path("settings/accounts/<int:pk>/default/", money.account_default, name="account-default"),
    path("settings/accounts/<int:pk>/archive/", money.account_archive, name="account-archive"),
    path("settings/accounts/<int:pk>/restore/", money.account_restore, name="account-restore"),
    path("settings/products/", money.product_list, name="products"),
    path("settings/products/new/", money.product_new, name="product-new"),
    path("settings/products/<int:pk>/", money.product_edit, name="product"),
    path("settings/products/<int:pk>/archive/", money.product_archive, name="product-archive"),
    path("settings/products/<int:pk>/restore/", money.product_restore, name="product-restore"),
    path("settings/tariff/", money.catalogue, name="catalogue"),
    path("settings/look/", places.look, name="look"),
    path("settings/about/", about.about, name="about"),
]
urlpatterns: list[URLPattern] = DOOR + SHELL + FIRST_RUN + SETTINGS
