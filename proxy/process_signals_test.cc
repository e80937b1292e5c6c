#include "proxy/process_signals.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

namespace arbstr::proxy {
namespace {

TEST(ProcessSignalsTest, WhatArrivesIsKeptUntilItIsAwaited) {
  ProcessSignals signals;
  ::raise(SIGHUP);
  EXPECT_EQ(signals.Await(), ProcessSignals::Kind::kReload);
  ::raise(SIGTERM);
  EXPECT_EQ(signals.Await(), ProcessSignals::Kind::kEnd);
}

TEST(ProcessSignalsTest, AReloadThatComesWhileTheProcessEndsIsIgnored) {
  const auto end = [] {
    {
      ProcessSignals signals;
      ::raise(SIGTERM);
      if (signals.Await() != ProcessSignals::Kind::kEnd) std::_Exit(1);
      signals.EndAtOnceOnAnother(2);
      ::raise(SIGHUP);
    }
    ::raise(SIGHUP);
    std::_Exit(0);
  };
  EXPECT_EXIT(end(), testing::ExitedWithCode(0), "");
}

TEST(ProcessSignalsTest, AnotherTermEndsItAtOnce) {
  const auto end = [] {
    ProcessSignals signals;
    ::raise(SIGTERM);
    if (signals.Await() != ProcessSignals::Kind::kEnd) std::_Exit(1);
    signals.EndAtOnceOnAnother(2);
    ::raise(SIGTERM);
    while (true) ::pause();
  };
  EXPECT_EXIT(end(), testing::ExitedWithCode(2), "");
}

}  // namespace
}  // namespace arbstr::proxy
