"""Names, streets and notes of people who do not exist. AVS numbers and e-mail addresses lead nowhere (example.ch)."""

from datetime import date, timedelta
from random import Random
from typing import Any

from stdnum import ean

from optamed.core.text import fold

WOMEN = [
    "Élodie",
    "Sofia",
    "Malin",
    "Lea",
    "Chloé",
    "Paola",
    "Nadia",
    "Ursula",
    "Margrit",
    "Aline",
    "Noémie",
    "Zoé",
    "Inês",
    "Fatima",
    "Regula",
    "Céline",
    "Anouk",
    "Françoise",
]
MEN = [
    "Jean-Luc",
    "Marc",
    "Nils",
    "Basile",
    "Yann",
    "Hugo",
    "Timo",
    "Beat",
    "Urs",
    "Rémy",
    "Loïc",
    "Thierry",
    "Stefan",
    "Luca",
    "Matteo",
    "Andrés",
    "Köbi",
    "Émile",
]
NAMES = [
    "Perrodet",
    "Charvoz",
    "Tavernay",
    "Bernardoni",
    "Aebi",
    "Wyss",
    "Racine",
    "Aebischer",
    "Froidevaux",
    "Vanetti",
    "Gerber",
    "Huguenin",
    "Favre",
    "Ducommun",
    "Kunz",
    "Jeanrichard",
    "Grosjean",
    "Voumard",
    "Schwab",
    "Rossel",
    "Marti",
    "Bühler",
    "Aubry",
    "Stauffer",
    "Kohler",
    "Maurer",
    "Montandon",
    "Gugler",
    "Zbinden",
    "Cattin",
]
TOWNS = [
    ("2502", "Biel/Bienne", "BE"),
    ("2503", "Biel/Bienne", "BE"),
    ("2560", "Nidau", "BE"),
    ("2520", "La Neuveville", "BE"),
    ("2000", "Neuchâtel", "NE"),
    ("2525", "Le Landeron", "NE"),
    ("3232", "Ins", "BE"),
    ("2540", "Grenchen", "SO"),
]
STREETS = [
    "Chemin des Vignes",
    "Rue du Lac",
    "Quai du Bas",
    "Rue Centrale",
    "Bahnhofstrasse",
    "Seestrasse",
    "Rue de l’Avenir",
]
INSURERS = ["Visana", "Helsana", "CSS", "SWICA", "Groupe Mutuel", "Sanitas", "KPT", "Assura"]
SAFETY = ["Sous anticoagulants. Pas de manipulation cervicale.", "Enceinte, 2e trimestre.", "Allergie au latex."]
NOTES = [
    "<div>Lombalgie droite depuis 3 semaines, 6/10, pire assis.</div><div><strong>Examen.</strong> Rotation D limitée en L4–L5, "
    "psoas D tendu, sacro-iliaque libre.</div><div><strong>Traitement.</strong> Techniques fonctionnelles L4–L5, psoas, "
    "diaphragme.</div><div><strong>Conseils.</strong> Marche 20 min par jour, revoir dans 3 semaines.</div>",
    "<div>Céphalées de tension, 2 à 3 fois par semaine, écran toute la journée.</div><div><strong>Examen.</strong> Trapèzes "
    "tendus, C2–C3 peu mobile à gauche.</div><div><strong>Traitement.</strong> Détente des tissus, travail du diaphragme.</div>",
    "<div>Nette amélioration, douleur 3/10. Raideur le matin seulement.</div><div><strong>Traitement.</strong> Suite du travail "
    "sur le bassin, étirements montrés.</div>",
    "<div>Épaule droite douloureuse en élévation depuis le jardinage.</div><div><strong>Examen.</strong> Arc douloureux 80–110°, "
    "coiffe sensible.</div><div><strong>Traitement.</strong> Mobilisation, travail de la ceinture scapulaire.</div>",
]


def patient(dice: Random, number: int, today: date) -> dict[str, Any]:
    """The fields of a person's file; most are complete, as in life some are not."""
    woman = dice.random() < 0.6
    first, last = dice.choice(WOMEN if woman else MEN), dice.choice(NAMES)
    postcode, town, canton = dice.choice(TOWNS)
    german = canton == "SO" or dice.random() < 0.3
    return {
        "title": "",
        "last_name": last,
        "first_name": first,
        "birth_on": today - timedelta(days=dice.randint(6 * 365, 82 * 365)),
        "sex": "female" if woman else "male",
        "language": "de" if german else "fr",
        "street": dice.choice(STREETS),
        "house_no": str(dice.randint(1, 90)),
        "postcode": postcode,
        "town": town,
        "canton": canton,
        "country": "CH",
        "mobile": f"079 000 {dice.randint(10, 99)} {dice.randint(10, 99)}",
        "email": _email(first, last, number) if dice.random() < 0.9 else "",
        "avs": _avs(number) if dice.random() < 0.85 else "",
        "insurer": dice.choice(INSURERS),
        "delivery": "mail" if dice.random() < 0.85 else "print",
        "mail_consent": dice.choices(["yes", "unknown", "no"], [8, 2, 1])[0],
        "safety_note": dice.choice(SAFETY) if dice.random() < 0.1 else "",
    }


def _email(first: str, last: str, number: int) -> str:
    return f"{fold(first)}.{fold(last)}{number}@example.ch".replace(" ", "-").replace("’", "")


def _avs(number: int) -> str:
    body = f"756{9_000_000_00 + number:09d}"
    return body + ean.calc_check_digit(body)
