#include "proxy/server/uuid7.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace arbstr::proxy {
namespace {

using std::chrono::system_clock;

system_clock::time_point At(int64_t nanos) {
  return system_clock::time_point(
      std::chrono::duration_cast<system_clock::duration>(std::chrono::nanoseconds(nanos)));
}

TEST(Uuid7Test, TheTimeOfTheStandardsExampleIsItsBeginning) {
  // RFC 9562, appendix A.6: 2022-02-22 19:22:22 UTC, 0x017F22E279B0 ms, with random bits of its own.
  EXPECT_EQ(MakeUuid7(At(0x017F22E279B0 * int64_t{1'000'000}), 0x18C4DC0C0C07398F),
            "017f22e2-79b0-7000-98c4-dc0c0c07398f");
}

TEST(Uuid7Test, VersionAndVariantAreSetWhateverTheRandomBits) {
  for (const uint64_t random : {uint64_t{0}, ~uint64_t{0}}) {
    const std::string id = MakeUuid7(At(0), random);
    EXPECT_EQ(id,
              random == 0 ? "00000000-0000-7000-8000-000000000000" : "00000000-0000-7000-bfff-ffffffffffff");
  }
}

TEST(Uuid7Test, IdsSortByTimeToAQuarterOfAMicrosecond) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  int64_t nanos = int64_t{1'700'000'000} * 1'000'000'000;
  std::string last = MakeUuid7(At(nanos), random());
  for (int i = 0; i < 10'000; ++i) {
    nanos += 250 + static_cast<int64_t>(random() % 1'000'000);
    const std::string next = MakeUuid7(At(nanos), random());
    ASSERT_LT(last, next);
    last = next;
  }
}

TEST(Uuid7Test, IdsOfOneMomentDifferByTheirRandomBits) {
  std::set<std::string> ids;
  for (uint64_t random = 0; random < 1000; ++random) ids.insert(MakeUuid7(At(5'000'000), random));
  EXPECT_EQ(ids.size(), 1000u);
}

TEST(Uuid7Test, TheFractionOfAMillisecondIsTwelveBits) {
  EXPECT_EQ(MakeUuid7(At(999'999), 0).substr(14, 4), "7fff");
  EXPECT_EQ(MakeUuid7(At(1'000'000), 0).substr(0, 18), "00000000-0001-7000");
  EXPECT_EQ(MakeUuid7(At(500'000), 0).substr(14, 4), "7800");
}

}  // namespace
}  // namespace arbstr::proxy
