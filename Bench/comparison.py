"""Pairs of measurements, and the judgement on them."""

import statistics
from dataclasses import dataclass, field
from typing import List, Optional

# Of what is measured again and again and should not vary: above it, the machine had other work.
NOISY_SPREAD = 1.5


@dataclass
class Comparison:
    """Our figures, and beside each the reference's that was measured next to it."""

    measured: str
    against: str
    # "s", "ms" or "MB".
    unit: str
    # The most that ours over the reference may be; None where the ratio is told only.
    limit: Optional[float] = None
    ours: List[float] = field(default_factory=list)
    reference: List[float] = field(default_factory=list)

    def add(self, ours, reference):
        self.ours.append(ours)
        self.reference.append(reference)

    def add_without_reference(self, ours):
        """For what the reference cannot do."""
        self.ours.append(ours)

    @property
    def has_reference(self):
        return bool(self.reference)

    @property
    def ratios(self):
        return [ours / reference for ours, reference in zip(self.ours, self.reference)]

    @property
    def best(self):
        return min(self.ratios)

    @property
    def median(self):
        return statistics.median(self.ratios)

    @property
    def is_within_limit(self):
        """By the median: a single pair may have had luck, or a neighbour."""
        return self.limit is None or not self.has_reference or self.median <= self.limit

    @property
    def is_noisy(self):
        return self.has_reference and max(self.reference) > NOISY_SPREAD * min(self.reference)


def pairs_in(seconds, pair_seconds, at_least, at_most):
    """How many pairs fit that time. To be told before the first pair: who looks at the ratios to decide whether to go on
    has judged already."""
    return max(at_least, min(at_most, int(seconds / pair_seconds)))


def alternated(pairs, ours, reference):
    """Runs both `pairs` times, the order changing from pair to pair: each finds what the other left as often as what it
    left itself. Yields what the two returned."""
    for number in range(pairs):
        if number % 2 == 0:
            first = ours()
            yield first, reference()
        else:
            first = reference()
            yield ours(), first
