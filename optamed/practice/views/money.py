"""Settings: bank accounts, products, prices, and the catalogue of the tariff."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from optamed.core import dates
from optamed.core.htmx import page
from optamed.practice.access import owner_required, practice_or_none, user_of
from optamed.practice.forms.catalogue import CatalogueForm
from optamed.practice.forms.money import AccountForm, PricesForm, ProductForm
from optamed.practice.models import BankAccount, PracticeAddress, Product, TariffPosition, Therapist, TherapistPrice
from optamed.practice.services import accounts, prices, products
from optamed.practice.views import slips
from optamed.practice.views.answers import saved, settle, show

ON_A_PAGE = 50


@require_safe
@owner_required
def account_list(request: HttpRequest) -> HttpResponse:
    every = BankAccount.objects.all()
    active = [one for one in every if not one.archived_at]
    archived = [one for one in every if one.archived_at]
    return render(request, "practice/accounts.html", {"accounts": active, "archived": archived})


@require_http_methods(["GET", "POST"])
@owner_required
def account_new(request: HttpRequest) -> HttpResponseBase:
    form = AccountForm(request.POST or None, initial=_holder())
    if settle(form, lambda valid: accounts.create(by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:accounts")
    return show(request, "practice/account.html", form, slip=slips.sample(form, _first_address()))


@require_http_methods(["GET", "POST"])
@owner_required
def account_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    account = get_object_or_404(BankAccount, pk=pk)
    form = AccountForm(request.POST or None, instance=account)
    if settle(form, lambda valid: accounts.update(account=account, by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:accounts")
    return show(request, "practice/account.html", form, account=account, slip=slips.sample(form, _first_address()))


@require_POST
@owner_required
def account_default(request: HttpRequest, pk: int) -> HttpResponse:
    accounts.make_default(account=get_object_or_404(BankAccount, pk=pk), by=user_of(request))
    return saved(request, "practice:accounts", _("New invoices use this account."))


@require_POST
@owner_required
def account_archive(request: HttpRequest, pk: int) -> HttpResponse:
    accounts.archive(account=get_object_or_404(BankAccount, pk=pk), by=user_of(request))
    return saved(request, "practice:accounts", _("Archived. It stays on what it was used for."))


@require_POST
@owner_required
def account_restore(request: HttpRequest, pk: int) -> HttpResponse:
    accounts.restore(account=get_object_or_404(BankAccount, pk=pk), by=user_of(request))
    return saved(request, "practice:accounts", _("Back in use."))


@require_safe
@owner_required
def product_list(request: HttpRequest) -> HttpResponse:
    every = Product.objects.all()
    active = [one for one in every if not one.archived_at]
    archived = [one for one in every if one.archived_at]
    return render(request, "practice/products.html", {"products": active, "archived": archived})


@require_http_methods(["GET", "POST"])
@owner_required
def product_new(request: HttpRequest) -> HttpResponseBase:
    form = ProductForm(request.POST or None)
    if settle(form, lambda valid: products.create(by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:products")
    return show(request, "practice/product.html", form)


@require_http_methods(["GET", "POST"])
@owner_required
def product_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    product = get_object_or_404(Product, pk=pk)
    form = ProductForm(request.POST or None, instance=product)
    if settle(form, lambda valid: products.update(product=product, by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:products")
    return show(request, "practice/product.html", form, product=product)


@require_POST
@owner_required
def product_archive(request: HttpRequest, pk: int) -> HttpResponse:
    products.archive(product=get_object_or_404(Product, pk=pk), by=user_of(request))
    return saved(request, "practice:products", _("Archived. It stays on what it was used for."))


@require_POST
@owner_required
def product_restore(request: HttpRequest, pk: int) -> HttpResponse:
    products.restore(product=get_object_or_404(Product, pk=pk), by=user_of(request))
    return saved(request, "practice:products", _("Back in use."))


@require_safe
@owner_required
def price_list(request: HttpRequest) -> HttpResponse:
    ordered = Prefetch("prices", TherapistPrice.objects.order_by("code"))
    return render(request, "practice/prices.html", {"therapists": Therapist.objects.active().prefetch_related(ordered)})


@require_http_methods(["GET", "POST"])
@owner_required
def price_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    therapist = get_object_or_404(Therapist, pk=pk)
    form = PricesForm(request.POST or None, therapist=therapist)
    if settle(form, lambda valid: prices.set_prices(therapist=therapist, prices=valid.prices, by=user_of(request))):
        return saved(request, "practice:prices")
    valid_now = TariffPosition.objects.valid_on(dates.today())
    texts = {position.code: position.text_in(get_language() or "fr") for position in valid_now}
    singles = [(code, texts.get(code, ""), field) for code, field in form.singles]
    return show(request, "practice/price.html", form, therapist=therapist, singles=singles, codes=texts.items())


@require_safe
@owner_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """Tarif 590, searched as it is typed, as it is valid on a day."""
    form = CatalogueForm(request.GET or None)
    words, day = "", dates.today()
    if form.is_bound and form.is_valid():
        words, day = form.cleaned_data["q"], form.cleaned_data["on"] or day
    found = Paginator(TariffPosition.objects.valid_on(day).search(words), ON_A_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "fr"
    rows = [(position, position.text_in(language)) for position in found]
    context = {"form": form, "rows": rows, "page": found, "day": day, "words": words}
    return page(request, "practice/catalogue.html", context, partial="positions")


def _first_address() -> PracticeAddress | None:
    return PracticeAddress.objects.active().first()


def _holder() -> dict[str, str]:
    """The practice is usually the holder, at its first address."""
    practice, address = practice_or_none(), _first_address()
    facts = {name: getattr(address, name) for name in ("street", "house_no", "postcode", "town")} if address else {}
    return facts | ({"holder": practice.name} if practice else {})
