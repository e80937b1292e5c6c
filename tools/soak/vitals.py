"""Memory and descriptors of a process over time, and whether they grow."""

import os
import statistics

WARM_UP = 1 / 5           # of a run: pools, caches and threads' arenas fill
RSS_FACTOR, RSS_KIB = 1.10, 8192
MORE_DESCRIPTORS = 16     # connections come and go


def sample(pid):
    """(resident KiB, open descriptors)."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        rss = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return rss, len(os.listdir(f"/proc/{pid}/fd"))


def thirds(values):
    """The medians of the first and the last third of what follows the warm-up."""
    steady = values[int(len(values) * WARM_UP):]
    third = max(1, len(steady) // 3)
    return statistics.median(steady[:third]), statistics.median(steady[-third:])


def growth(samples):
    """What grew beyond its bound, in words."""
    if len(samples) < 10:
        return ["too few samples of memory and descriptors to say anything"]
    wrong = []
    first, last = thirds([rss for rss, _ in samples])
    if last > first * RSS_FACTOR + RSS_KIB:
        wrong.append(f"memory grew from {first:.0f} to {last:.0f} KiB")
    first, last = thirds([descriptors for _, descriptors in samples])
    if last > first + MORE_DESCRIPTORS:
        wrong.append(f"open descriptors grew from {first:.0f} to {last:.0f}")
    return wrong


def trends(samples):
    """How both went, in words."""
    if not samples:
        return []
    words = []
    for what, values in (("memory in KiB", [rss for rss, _ in samples]),
                         ("open descriptors", [descriptors for _, descriptors in samples])):
        first, last = thirds(values)
        words.append(f"{what}: median of the first third after warm-up {first:.0f}, of the last {last:.0f}, "
                     f"at most {max(values)}")
    return words
