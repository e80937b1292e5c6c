"""Fuzzers of libFuzzer, which are tests as well."""

load("@rules_cc//cc:defs.bzl", "cc_test")

def fuzz_test(name, corpora, deps, data = []):
    """A target out of NAME.cc, which defines LLVMFuzzerTestOneInput.

    With --config=fuzz it is a fuzzer, which tools/ci/fuzz finds by its tag; else a test that replays its corpora.

    Args:
      name: of the target and, with .cc, of its source.
      corpora: folders of inputs, from the workspace's root.
      deps: libraries under test.
      data: the corpora's files.
    """
    cc_test(
        name = name,
        size = "small",
        srcs = [name + ".cc"],
        args = corpora,
        data = data,
        linkopts = select({
            "//tools/fuzz:fuzzing": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        tags = ["fuzz"],
        deps = deps + select({
            "//tools/fuzz:fuzzing": [],
            "//conditions:default": ["//tools/fuzz:replay_main"],
        }),
    )
