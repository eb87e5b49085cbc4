"""How far a billing run is, in figures and words; and what of its period it does not take."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BooleanField, Case, Count, F, Prefetch, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from agenda.consultations.models import Consultation
from billing.models import BillingRun, Invoice, InvoiceSettings, RunItem
from billing.reports.states import Badge, Chip
from billing.services import bulk_plan
from optamed.core.sums import total

State = RunItem.State
WAITING = Q(state=State.WAITING)
NO_REASON = Q(reason="")
# While it is looked through: what has something to say comes first.
REVIEW: Mapping[str, tuple[str | Promise, Q]] = {
    "": (pgettext_lazy("invoices", "All"), Q()),
    "look": (gettext_lazy("To look at"), WAITING & ~NO_REASON),
    "ready": (gettext_lazy("Ready"), WAITING & NO_REASON),
    "out": (gettext_lazy("Left out"), Q(state=State.LEFT_OUT)),
}
REPORT: Mapping[str, tuple[str | Promise, Q]] = {
    "": (pgettext_lazy("invoices", "All"), Q()),
    "issued": (pgettext_lazy("invoices", "Issued"), Q(state=State.ISSUED)),
    "failed": (gettext_lazy("Not issued"), Q(state=State.FAILED)),
    "waiting": (gettext_lazy("Waiting"), WAITING),
    "out": (gettext_lazy("Left out"), Q(state=State.LEFT_OUT)),
}


@dataclass(frozen=True)
class RunFigures:
    """Invoices of a run by what became of them; amounts in CHF."""

    waiting: int
    issued: int
    failed: int
    left_out: int
    to_issue: Decimal  # of those that wait
    issued_amount: Decimal
    by_mail: int  # of those that wait
    incomplete: int  # of those that wait
    blocked: int  # left out by the program, not by the user
    placeholders: int  # of those that wait
    mailed: int
    to_print: int

    @property
    def asked(self) -> int:
        """All that shall become invoices."""
        return self.waiting + self.issued + self.failed

    @property
    def ended(self) -> int:
        return self.issued + self.failed

    @property
    def on_paper(self) -> int:
        return self.waiting - self.by_mail

    @property
    def incomplete_choice(self) -> str:
        """What is made of the incomplete ones now."""
        if not self.incomplete:
            return InvoiceSettings.current().when_incomplete
        choice = InvoiceSettings.Incomplete
        return choice.PLACEHOLDERS if self.placeholders else choice.LETTER


def figures(run: BillingRun) -> RunFigures:
    """In one query."""
    mailed = Q(state=State.ISSUED, invoice__mail_wanted=True)
    to_print = Q(invoice__state="issued", invoice__mail_wanted=False, invoice__printed_at__isnull=True)
    row = RunItem.objects.filter(run=run).aggregate(
        **{name: Count("pk", filter=Q(state=name)) for name in State.values},
        to_issue=total("amount", only=WAITING),
        issued_amount=total("amount", only=Q(state=State.ISSUED)),
        by_mail=Count("pk", filter=WAITING & bulk_plan.BY_MAIL),
        incomplete=Count("pk", filter=WAITING & ~Q(forms=Invoice.Forms.FULL)),
        blocked=Count("pk", filter=Q(state=State.LEFT_OUT) & ~NO_REASON),
        placeholders=Count("pk", filter=WAITING & Q(forms=Invoice.Forms.PLACEHOLDERS)),
        mailed=Count("pk", filter=mailed),
        to_print=Count("pk", filter=to_print),
    )
    return RunFigures(**row)


def kinds_of(run: BillingRun) -> Mapping[str, tuple[str | Promise, Q]]:
    return REVIEW if run.state == BillingRun.State.PROPOSED else REPORT


def chips(run: BillingRun, *, current: str) -> list[Chip]:
    """The filters of a run's items; once it runs, only those that hold something. ``current`` is a key of them."""
    kinds = kinds_of(run)
    counts = {f"n_{key}": Count("pk", filter=condition) for key, (_label, condition) in kinds.items()}
    row = RunItem.objects.filter(run=run).aggregate(**counts)
    found = [Chip(key, label, row[f"n_{key}"], key == current) for key, (label, _condition) in kinds.items()]
    return [chip for chip in found if kinds is REVIEW or chip.count or not chip.key or chip.current]


def items(run: BillingRun, *, current: str) -> QuerySet[RunItem]:
    """The items under a chip with patients, visits and invoices; in review those that have something to say first."""
    kinds = kinds_of(run)
    visits = Consultation.objects.only("pk", "number", "treated_on").order_by("treated_on", "pk")
    order = [Case(When(NO_REASON, then=1), default=0), "pk"] if kinds is REVIEW else ["pk"]
    goes = Case(
        When(state=State.ISSUED, then=F("invoice__mail_wanted")),
        When(bulk_plan.BY_MAIL, then=Value(value=True)),
        default=Value(value=False),
        output_field=BooleanField(),
    )
    found = RunItem.objects.filter(kinds[current][1], run=run).annotate(by_mail=goes)
    found = found.select_related("patient", "invoice")
    found = found.defer("invoice__document", "invoice__qr_payload").order_by(*order)
    return found.prefetch_related(Prefetch("visits", queryset=visits))


@dataclass(frozen=True)
class LeftAside:
    """Visits that were asked for and cannot be invoiced yet."""

    being_written: int
    without_services: int
    on_drafts: int

    @property
    def any(self) -> bool:
        return bool(self.being_written or self.without_services or self.on_drafts)


def left_aside(run: BillingRun) -> LeftAside:
    """Of the period, therapist and therapy of a run."""
    asked = bulk_plan.asked(
        first_day=run.first_day, last_day=run.last_day, therapist=run.therapist, therapy=run.therapy
    )
    row = asked.order_by().aggregate(
        being_written=Count("pk", filter=Q(state="open")),
        without_services=Count("pk", filter=Q(state="closed", billing_state="free", amount__lte=0)),
        on_drafts=Count("pk", filter=Q(billed__live=True, billed__invoice__state="draft"), distinct=True),
    )
    return LeftAside(**row)


def badge(run: BillingRun) -> Badge:
    """The state of a run as icon and word."""
    looks = {
        BillingRun.State.PROPOSED: ("info", "list-checks"),
        BillingRun.State.RUNNING: ("info", "loader-circle"),
        BillingRun.State.PAUSED: ("warn", "clock"),
        BillingRun.State.DONE: ("ok", "circle-check"),
        BillingRun.State.DROPPED: ("none", "ban"),
    }
    tone, icon = looks[BillingRun.State(run.state)]
    return Badge(tone, icon, str(run.get_state_display()))


def listed() -> QuerySet[BillingRun]:
    """All runs with their figures, the newest first. A night that found nothing is none."""
    found = BillingRun.objects.select_related("therapist", "created_by").annotate(
        n_items=Count("items", filter=~Q(items__state=State.LEFT_OUT)),
        n_issued=Count("items", filter=Q(items__state=State.ISSUED)),
        n_failed=Count("items", filter=Q(items__state=State.FAILED)),
        items_amount=total("items__amount", only=~Q(items__state=State.LEFT_OUT)),
    )
    nothing = Q(is_nightly=True, state=BillingRun.State.DROPPED, n_items=0)
    return found.exclude(nothing).order_by("-pk")


def unfinished() -> list[BillingRun]:
    """What somebody should know of: under way, paused, or prepared by night and not looked through."""
    state = BillingRun.State
    wanted = Q(state__in=[state.RUNNING, state.PAUSED]) | Q(state=state.PROPOSED, is_nightly=True)
    return list(listed().filter(wanted))
