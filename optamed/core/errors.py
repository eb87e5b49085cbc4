"""A broken rule is a sentence for the user, never a crash."""


class DomainError(Exception):
    """A rule of the practice forbids what was asked.

    ``sentence`` says what happened and how to get it right, in the user's language; ``link`` (with its ``label``)
    leads to the place where it is mended.
    """

    def __init__(self, sentence: object, *, link: str = "", label: object = "") -> None:
        super().__init__(sentence)
        self._sentence = sentence
        self.link = link
        self._label = label

    @property
    def sentence(self) -> str:
        return str(self._sentence)

    @property
    def label(self) -> str:
        return str(self._label)
