"""The nouns of the practice."""

from optamed.practice.models.account import BankAccount
from optamed.practice.models.counter import Counter
from optamed.practice.models.picture import Picture
from optamed.practice.models.place import Practice, PracticeAddress
from optamed.practice.models.tariff import Product, TariffPosition, TherapistPrice, Unit, VatRate
from optamed.practice.models.therapist import Therapist, TherapistPlace
from optamed.practice.models.user import RecoveryCode, User

__all__ = [
    "BankAccount",
    "Counter",
    "Picture",
    "Practice",
    "PracticeAddress",
    "Product",
    "RecoveryCode",
    "TariffPosition",
    "Therapist",
    "TherapistPlace",
    "TherapistPrice",
    "Unit",
    "User",
    "VatRate",
]
