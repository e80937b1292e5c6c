"""Tests of the gateway as a process."""

load("@rules_cc//cc:defs.bzl", "cc_test")

def gateway_cc_test(name, deps = [], **kwargs):
    """A test out of NAME.cc whose tests are of a class derived from GatewayTest (gateway_test.h).

    Args:
      name: of the target and, with .cc, of its source.
      deps: what else the source includes.
      **kwargs: as for cc_test.
    """
    cc_test(
        name = name,
        size = "medium",
        srcs = [name + ".cc"],
        deps = [
            ":gateway_test",
            "@googletest//:gtest_main",
        ] + deps,
        **kwargs
    )
