#include "mock_provider/scenario_file/nearest_name.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

const std::vector<std::string> kKnown = {"model", "stream", "header", "prompt_contains"};

TEST(NearestName, AMisspeltNameFindsTheOneThatWasMeant) {
  EXPECT_EQ(NearestName("modle", kKnown), "model");
  EXPECT_EQ(NearestName("headers", kKnown), "header");
  EXPECT_EQ(NearestName("promt_contain", kKnown), "prompt_contains");
}

TEST(NearestName, ABeginningUpToAnUnderscoreIsNear) {
  const std::vector<std::string> known = {"reply", "drip", "delay_ms", "retry_after_ms"};
  EXPECT_EQ(NearestName("delay", known), "delay_ms");
  EXPECT_EQ(NearestName("retry_after", known), "retry_after_ms");
  EXPECT_EQ(NearestName("d", known), "");
}

TEST(NearestName, ANameLikeNoOtherFindsNone) {
  EXPECT_EQ(NearestName("zzzzzz", kKnown), "");
  EXPECT_EQ(NearestName(std::string(100'000, 'm'), kKnown), "");
}

}  // namespace
}  // namespace mock_provider
