"""Why the program does not start, as a sentence for the user."""


class Refusal(Exception):  # noqa: N818  said to the user, like DomainError
    """Its text is the sentence: what is wrong, and what to do. Nothing was changed."""
