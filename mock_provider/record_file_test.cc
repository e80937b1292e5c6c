#include "mock_provider/record_file.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "mock_provider/user_file.h"

namespace mock_provider {
namespace {

using nlohmann::json;

// What the record says of a request.
json Recorded(JournalEntry request) {
  const std::string file = ::testing::TempDir() + "/record.json";
  EXPECT_TRUE(WriteRecord(file, {std::move(request)}, 1).ok());
  const auto text = ReadUserFile(file);
  return text.ok() ? json::parse(*text)["requests"][0] : json();
}

std::string RecordedPath(const std::string& target) { return Recorded({.target = target})["path"]; }

TEST(RecordFile, KeysInHeadersAreMaskedWhateverProviderTheyAreFor) {
  for (const char* name :
       {"authorization", "api-key", "x-api-key", "x-goog-api-key", "proxy-authorization", "cookie"}) {
    const json recorded =
        Recorded({.target = "/v1/models", .headers = {{name, "sk-0123456789abcdef"}, {"accept", "*/*"}}});
    EXPECT_EQ(recorded.dump().find("0123456789"), std::string::npos) << recorded;
    EXPECT_NE(recorded.dump().find("*/*"), std::string::npos) << recorded;
  }
}

TEST(RecordFile, KeysInAQueryAreMaskedAndNothingElseOfThePath) {
  EXPECT_EQ(RecordedPath("/v1beta/models?key=AIzaSy0123456789&alt=sse"),
            "/v1beta/models?key=AIzaS***89&alt=sse");
  EXPECT_EQ(RecordedPath("/c?api-version=2024-10-21&api-key=short"), "/c?api-version=2024-10-21&api-key=***");
  EXPECT_EQ(RecordedPath("/c?api_key=short&Access_Token=short"), "/c?api_key=***&Access_Token=***");
  EXPECT_EQ(RecordedPath("/c?%6bey=short"), "/c?%6bey=***");
  for (const char* path :
       {"/v1/models", "/key=value", "/c?", "/c?key", "/c?monkey=short&&key2=short", "/c?a=key=b"})
    EXPECT_EQ(RecordedPath(path), path);
}

}  // namespace
}  // namespace mock_provider
