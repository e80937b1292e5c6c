#!/usr/bin/env python3
"""Runs fuzzers, which the output of `bazel query --output=xml` on stdin names, each from the corpora in its args.

For tools/ci/fuzz, which says what the options mean. Exits with 1 when a fuzzer found something or did not end well.
"""

import argparse
import base64
import os
import random
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SLOW_INPUT_S = 60  # an input that takes longer is a finding
TO_END_S = 300     # beyond its time, to read its corpus and to write what it found
MAX_SHOWN = 64 << 10


def fuzzers(query):
    """{label: [corpus, ...]} from the text of a query; the corpora are folders below the workspace's root."""
    return {
        rule.get("name"): [value.get("value") for value in rule.findall("list[@name='args']/string")]
        for rule in ElementTree.fromstring(query).iter("rule")
    }


def path_of(label):
    return label.removeprefix("//").replace(":", "/")


def run(label, corpora, options):
    """What went wrong, or None."""
    found = os.path.join(options.found, path_of(label))
    inputs, findings = os.path.join(found, "inputs"), os.path.join(found, "findings")
    os.makedirs(inputs, exist_ok=True)
    os.makedirs(findings, exist_ok=True)
    before = set(os.listdir(findings))
    # New inputs go to the first folder only.
    command = [os.path.join(options.binaries, path_of(label)), f"-max_total_time={options.seconds}",
               f"-seed={options.seed}", f"-timeout={SLOW_INPUT_S}", f"-artifact_prefix={findings}/", inputs,
               *(os.path.join(options.root, corpus) for corpus in corpora)]
    print(f"== {label}: {options.seconds} s, -seed={options.seed}", flush=True)
    log = os.path.join(found, "log")
    with open(log, "wb") as output:
        try:
            status = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                    timeout=options.seconds + TO_END_S, check=False).returncode
        except subprocess.TimeoutExpired:
            status = "no exit status: it did not end"
    with open(log, encoding="utf-8", errors="replace") as output:
        lines = output.read().splitlines()
    new = sorted(os.path.join(findings, name) for name in set(os.listdir(findings)) - before)
    ran = [line for line in lines if line.startswith("Done ")]
    if status == 0 and not new and ran:
        print(ran[-1], flush=True)
        return None
    print("\n".join(lines[-100:]))
    for path in new:
        show(path)
    return f"exit status {status}; findings: {' '.join(new) or 'none'}; log: {log}"


def show(path):
    """The machine may be gone when somebody wants the input."""
    with open(path, "rb") as file:
        content = file.read()
    if len(content) <= MAX_SHOWN:
        print(f"{path}, in base64:\n{base64.b64encode(content).decode()}", flush=True)


def write_results(path, outcomes):
    suite = ElementTree.Element("testsuite", name="fuzz")
    for label, wrong in outcomes.items():
        case = ElementTree.SubElement(suite, "testcase", name=label, classname="fuzz")
        if wrong:
            ElementTree.SubElement(case, "failure", message=wrong)
    ElementTree.ElementTree(suite).write(path, encoding="unicode")


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--root", required=True)
    parser.add_argument("--binaries", required=True)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1, 1 << 31))
    parser.add_argument("--results")
    parser.add_argument("--found")
    parser.add_argument("labels", nargs="*")
    options = parser.parse_args()

    known = fuzzers(sys.stdin.read())
    wrong_labels = [label for label in options.labels if label not in known]
    if wrong_labels or not known:
        parser.error(f"no fuzzers: {' '.join(wrong_labels) or 'the query names none'}; there are: {' '.join(known)}")

    scratch = None if options.found else tempfile.mkdtemp(prefix="fuzz-")
    options.found = os.path.abspath(options.found or scratch)
    outcomes = {label: run(label, known[label], options) for label in options.labels or known}
    if scratch and not any(outcomes.values()):
        shutil.rmtree(scratch)
    for label, wrong in outcomes.items():
        print(f"{label}: {wrong or 'no finding'}")
    if options.results:
        write_results(options.results, outcomes)
    return 1 if any(outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
