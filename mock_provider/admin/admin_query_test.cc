#include "mock_provider/admin/admin_query.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

// The provider, or the kind of mistake.
std::string Asked(const std::string& target) {
  const auto provider = ProviderInQuery(QueryOf(target), {"a", "b c"});
  if (provider.ok()) return *provider;
  return absl::IsNotFound(provider.status()) ? "not found" : "mistake";
}

TEST(AdminQuery, AProviderMayBeNamed) {
  EXPECT_EQ(Asked("/__admin/requests"), "");
  EXPECT_EQ(Asked("/__admin/requests?"), "");
  EXPECT_EQ(Asked("/__admin/requests?provider=a"), "a");
  EXPECT_EQ(Asked("/__admin/requests?provider=b%20c"), "b c");
}

TEST(AdminQuery, OneThatIsNotThereAndAnythingElseIsAMistake) {
  EXPECT_EQ(Asked("/__admin/requests?provider=x"), "not found");
  EXPECT_EQ(Asked("/__admin/requests?provider="), "not found");
  for (const char* wrong : {"providr=a", "provider", "provider=a&x=1", "x=1&provider=a", "a"})
    EXPECT_EQ(Asked(std::string("/__admin/requests?") + wrong), "mistake") << wrong;
}

}  // namespace
}  // namespace mock_provider
