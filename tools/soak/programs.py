"""The mock provider and the gateway, watched for what they must not say."""

import collections
import os
import re

import program

ALARMS = re.compile(r"Sanitizer|runtime error:|terminate called|Assertion|Segmentation|\bfatal\b|\bpanic\b", re.I)


class Program(program.Program):
    """`alarms`: lines on stderr that must not be; `levels`: how many lines of each level there were."""

    def __init__(self, *arguments, **options):
        self.alarms, self.levels = [], collections.Counter()
        super().__init__(*arguments, **options)

    def heard(self, line):
        words = line.split(" ", 2)
        level = words[1] if len(words) > 2 else ""
        self.levels[level] += 1
        if level != "info" and ALARMS.search(line):
            self.alarms.append(line.rstrip())


def find(path, option):
    """A program below the runfiles, or where the caller says it is."""
    path = os.path.abspath(path)
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is not there; use `tools/bazel run //tools:soak`, or say where it is: {option}")
    return path
