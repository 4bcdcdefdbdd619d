"""The figures as text, and as Markdown for docs/benchmarks.md."""

import textwrap
from statistics import median

WIDTH = 100
HEADS = ("measured", "against", "heapdump", "reference", "best", "median", "limit", "")


def figure(value, unit):
    digits = 2 if unit == "s" else 1
    return f"{value:.{digits}f} {unit}"


def ratio(value):
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def cells(comparison):
    if not comparison.has_reference:
        ours = figure(median(comparison.ours), comparison.unit)
        return comparison.measured, comparison.against, ours, "-", "-", "-", "-", ""
    if comparison.limit is None:
        limit, verdict = "-", ""
    else:
        limit, verdict = ratio(comparison.limit), "ok" if comparison.is_within_limit else "OVER"
    return (
        comparison.measured,
        comparison.against,
        figure(median(comparison.ours), comparison.unit),
        figure(median(comparison.reference), comparison.unit),
        ratio(comparison.best),
        ratio(comparison.median),
        limit,
        verdict,
    )


def notes(comparisons, was_busy, memory_floor_mb):
    """What a reader must know before believing the figures."""
    result = []
    if was_busy:
        result.append("Noisy: at the start, the load average was above the number of cores.")
    for comparison in comparisons:
        if comparison.is_noisy:
            spread = max(comparison.reference) / min(comparison.reference)
            result.append(
                f"Noisy: {comparison.measured}: the reference itself ({comparison.against}) varied by a factor of {spread:.1f}."
            )
        if comparison.unit == "MB" and min(comparison.ours) <= memory_floor_mb:
            result.append(f"{comparison.measured}: at most; what starts programs here takes {memory_floor_mb:.1f} MB itself.")
    for comparison in comparisons:
        if not comparison.is_within_limit:
            result.append(
                f"OVER: {comparison.measured}, against {comparison.against}: {comparison.median:.3f}, at most {ratio(comparison.limit)}."
            )
    return result


def text(machine, comparisons, facts, notes):
    lines = wrapped(f"{name}: {value}" for name, value in machine) + [""]
    rows = [HEADS] + [cells(comparison) for comparison in comparisons]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    for row in rows:
        lines.append("  ".join(pad(cell, widths[column], column) for column, cell in enumerate(row)).rstrip())
    lines += [""] + wrapped(f"{name}: {value}" for name, value in facts)
    return "\n".join(lines + [""] + wrapped(notes)).rstrip()


def wrapped(sentences):
    return [line for sentence in sentences for line in textwrap.wrap(sentence, WIDTH, subsequent_indent="  ")]


def pad(cell, width, column):
    return cell.ljust(width) if column < 2 or column == len(HEADS) - 1 else cell.rjust(width)


def markdown(machine, comparisons, facts, notes):
    lines = [f"- {name}: {value}" for name, value in machine] + [""]
    lines.append("| " + " | ".join(HEADS) + " |")
    lines.append("|---|---|" + "---:|" * 5 + "---|")
    lines += ["| " + " | ".join(cells(comparison)) + " |" for comparison in comparisons] + [""]
    lines += [f"- {name}: {value}" for name, value in facts]
    lines += [f"- {note}" for note in notes]
    return "\n".join(lines)
