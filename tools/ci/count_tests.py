#!/usr/bin/env python3
"""Counts test cases, passed and failed, in what a test run left behind.

usage: count_tests.py FILE...

A FILE is Bazel's --build_event_json_file (the test.xml of each testResult event of that run is read, cached ones
included) or a JUnit XML file. Prints "PASSED FAILED". A target without a readable test.xml, which is one that crashed
or timed out before it could write it, is one failure, and so is a FILE that is cut off or not there.
"""

import json
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree


def count_cases(path):
    """(passed, failed) of one JUnit file; a case with <failure> or <error> has failed."""
    passed = failed = 0
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is None:
            passed += 1
    return passed, failed


def test_results(event_file):
    """(label, status, path of test.xml or None) for each test result of a Bazel run."""
    with open(event_file, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if "testResult" not in event:
                continue
            result = event["testResult"]
            xml = [
                urllib.parse.unquote(urllib.parse.urlparse(output["uri"]).path)
                for output in result.get("testActionOutput", [])
                if output["name"] == "test.xml" and "uri" in output
            ]
            yield event["id"]["testResult"]["label"], result["status"], xml[0] if xml else None


def counts(path):
    """(passed, failed) of each part of a file: of a JUnit file, or of a target of a Bazel run."""
    if path.endswith(".xml"):
        yield count_cases(path)
        return
    for label, status, xml in test_results(path):
        try:
            passed, failed = count_cases(xml) if xml else (0, 0)
        except (OSError, ElementTree.ParseError):
            passed, failed = 0, 0
        if status != "PASSED" and failed == 0:
            print(f"{label}: {status}", file=sys.stderr)
            failed = 1
        yield passed, failed


def count_file(path):
    """(passed, failed), up to where the file is cut off, which is a failure."""
    total = [0, 0]
    try:
        for passed, failed in counts(path):
            total[0] += passed
            total[1] += failed
    except (OSError, ElementTree.ParseError, ValueError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        total[1] += 1
    return total


def main():
    files = [count_file(path) for path in sys.argv[1:]]
    print(sum(passed for passed, _ in files), sum(failed for _, failed in files))


if __name__ == "__main__":
    main()
