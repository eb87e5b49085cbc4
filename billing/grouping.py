"""May these visits stand on one invoice? Insurers refuse one whose visits differ in what concerns the whole sheet."""

from collections.abc import Hashable, Iterable, Mapping

# In the order in which they are named to the user.
ATTRIBUTES = ("therapist", "address", "law", "reason", "accident_on", "therapy")

Facts = Mapping[str, Hashable]


def differences(visits: Iterable[Facts]) -> list[str]:
    """The attributes in which the visits differ; empty where one invoice may hold them all."""
    facts = list(visits)
    return [name for name in ATTRIBUTES if len({visit[name] for visit in facts}) > 1]
