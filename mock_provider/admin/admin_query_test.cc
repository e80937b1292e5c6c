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
  EXPECT_EQ(Asked("/__admin/requests?provider=b+c"), "b c");
}

TEST(AdminQuery, OneThatIsNotThereAndAnythingElseIsAMistake) {
  EXPECT_EQ(Asked("/__admin/requests?provider=x"), "not found");
  EXPECT_EQ(Asked("/__admin/requests?provider="), "not found");
  for (const char* wrong : {"providr=a", "provider", "provider=a&x=1", "x=1&provider=a", "a"})
    EXPECT_EQ(Asked(std::string("/__admin/requests?") + wrong), "mistake") << wrong;
}

std::string Selected(const std::string& query) {
  const auto selection = SelectionInQuery(query, {"a", "b c"});
  if (!selection.ok()) return std::string(selection.status().message());
  return selection->provider + " " + std::to_string(selection->since) + " " +
         (selection->limit > 1000 ? "all" : std::to_string(selection->limit));
}

TEST(AdminQuery, APartOfTheJournalIsAskedForBySeqAndNumber) {
  EXPECT_EQ(Selected(""), " 0 all");
  EXPECT_EQ(Selected("provider=b%20c"), "b c 0 all");
  EXPECT_EQ(Selected("since=7&limit=0&provider=a"), "a 7 0");
  EXPECT_EQ(Selected("since=-1"), "since: must be a whole number, 0 or more");
  EXPECT_EQ(Selected("limit="), "limit: must be a whole number, 0 or more");
  EXPECT_EQ(Selected("limit=99999999999999999999"), "limit: must be a whole number, 0 or more");
  EXPECT_EQ(Selected("since=1&since=2"), "since: given twice");
  EXPECT_EQ(Selected("provider=x"), "no provider is called \"x\"");
  EXPECT_EQ(Selected("sinse=1"), "the only query known here is ?provider=NAME&since=SEQ&limit=N");
}

}  // namespace
}  // namespace mock_provider
