"""Results as a table and as a picture.

A result is the requests that were answered, as (seconds since the start,
milliseconds), and how many others there were.
"""

import statistics

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

# The system that this one replaces, as its owner measured it on AWS: requests
# in two minutes, mean and 90th percentile in milliseconds.
REPLACED = [("128 MB", 587, 610, 610), ("512 MB", 807, 162, 179)]


def print_table(results, seconds):
    print("\n| | requests | requests/s | mean ms | p50 ms | p90 ms | p99 ms | errors |\n| --- |" + " --- |" * 7)
    for name, (requests, failures) in results.items():
        times = [duration for _, duration in requests]
        percents = [percentile(times, percent) for percent in (50, 90, 99)]
        figures = " | ".join(f"{figure:.2f}" for figure in (statistics.mean(times), *percents))
        print(f"| {name} | {len(times):,} | {len(times) / seconds:,.0f} | {figures} | {failures} |")
    for memory, requests, mean, p90 in REPLACED:
        print(f"| replaced system on AWS, {memory}: `list`, 2 items | {requests} | {requests / 120:.0f} | {mean} | | {p90} | | 0 |")


def draw(results, stages, file):
    """A picture of each kind of request: p50 and p99 of every second, and the users."""
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "load", "font.size": 9})
    figure, axes = pyplot.subplots(len(results), sharex=True, figsize=(8, 1.7 * len(results)), layout="constrained")
    changes = [sum(seconds for _, seconds in stages[:n]) for n in range(len(stages) + 1)]
    for axis, (name, (requests, _)) in zip(axes, results.items()):
        by_second = {}
        for at, duration in requests:
            by_second.setdefault(int(at), []).append(duration)
        seconds = sorted(by_second)
        for percent, colour in ((99, "tab:orange"), (50, "tab:blue")):
            line = [percentile(by_second[second], percent) for second in seconds]
            axis.plot(seconds, line, color=colour, label=f"p{percent}")
        axis.set(title=name.replace("`", ""), ylabel="ms", ylim=(0, None))
        axis.grid(alpha=0.3)
        users = axis.twinx()
        users.stairs([count for count, _ in stages], changes, fill=True, alpha=0.12, color="grey")
        users.set(ylim=(0, 20), yticks=[0, 10], ylabel="users")
    axes[0].legend(loc="upper left", ncols=2)
    axes[-1].set_xlabel("seconds")
    figure.savefig(file, metadata={"Date": None})


def percentile(times, percent):
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]
