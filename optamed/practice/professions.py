"""What therapists usually call what they do, in four languages: the field offers it and takes anything else. Pure."""

LANGUAGES = ("fr", "de", "it", "en")
PROFESSIONS = (
    ("Ostéopathie", "Osteopathie", "Osteopatia", "Osteopathy"),
    ("Naturopathie", "Naturheilkunde", "Naturopatia", "Naturopathy"),
    ("Acupuncture et MTC", "Akupunktur und TCM", "Agopuntura e MTC", "Acupuncture and TCM"),
    ("Massage thérapeutique", "Medizinische Massage", "Massaggio medico", "Medical massage"),
    ("Drainage lymphatique", "Lymphdrainage", "Linfodrenaggio", "Lymphatic drainage"),
    ("Réflexologie", "Reflexzonentherapie", "Riflessologia", "Reflexology"),
    ("Thérapie craniosacrale", "Craniosacral-Therapie", "Terapia craniosacrale", "Craniosacral therapy"),
    ("Kinésiologie", "Kinesiologie", "Kinesiologia", "Kinesiology"),
    ("Homéopathie", "Homöopathie", "Omeopatia", "Homeopathy"),
    ("Shiatsu", "Shiatsu", "Shiatsu", "Shiatsu"),
    ("Phytothérapie", "Phytotherapie", "Fitoterapia", "Phytotherapy"),
    ("Polarity", "Polarity", "Polarity", "Polarity"),
    ("Sophrologie", "Sophrologie", "Sofrologia", "Sophrology"),
    ("Ayurvéda", "Ayurveda", "Ayurveda", "Ayurveda"),
    ("Art-thérapie", "Kunsttherapie", "Arteterapia", "Art therapy"),
)


def names(language: str) -> list[str]:
    """The professions in a language; in English where it is none of the four."""
    column = LANGUAGES.index(language) if language in LANGUAGES else LANGUAGES.index("en")
    return [profession[column] for profession in PROFESSIONS]
