#include "mock_provider/scenario_file/scenario_writer.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "mock_provider/scenario_file/scenario_parser.h"

namespace mock_provider {
namespace {

// Writes the scenario, and checks that what is written reads as the same and that none of these marks, one
// for each of its fields, was lost on the way out.
void ExpectKept(const std::string& json, std::initializer_list<const char*> marks) {
  const auto scenario = ParseScenario(json);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  const std::string written = ScenarioJson(*scenario);
  const auto again = ParseScenario(written);
  ASSERT_TRUE(again.ok()) << again.status() << "\n" << written;
  EXPECT_EQ(ScenarioJson(*again), written);
  for (const char* mark : marks) EXPECT_NE(written.find(mark), std::string::npos) << mark << "\n" << written;
}

TEST(ScenarioWriter, KeepsWhatAProviderIs) {
  ExpectKept(
      R"({"seed": 7, "providers": [{"name": "a", "dialect": "anthropic", "models": ["m"], "api_keys": ["k"],
      "stream": {"ttft_ms": {"type": "lognormal", "median": 3, "sigma": 0.4, "max": 9}, "tps": 2, "jitter": 0.5},
      "tls": {"certificate": "wrong_name"},
      "limits": {"rpm": 61, "tpm": 100001, "concurrency": 9},
      "listener": [{"refuse": true}]},
      {"name": "b", "tls": {"certificate": "expired", "names": ["mock-provider", "192.0.2.7"]}}]})",
      {"anthropic", "lognormal", "\"jitter\"", "wrong_name", "\"rpm\": 61", "\"tpm\": 100001",
       "\"concurrency\": 9", "\"refuse\"", "expired", "\"mock-provider\"", "\"192.0.2.7\""});
}

TEST(ScenarioWriter, KeepsWhereARealProviderIsAndItsKey) {
  ExpectKept(R"({"providers": [
      {"name": "b", "upstream": "https://x.example/v1", "upstream_ca_file": "ca.pem", "upstream_api_key": "sk-b"},
      {"name": "c", "upstream": "http://y.example/v1", "upstream_api_key_env": "THE_KEY"}]})",
             {"https://x.example/v1", "ca.pem", "sk-b", "THE_KEY"});
}

TEST(ScenarioWriter, KeepsWhichRequestsARuleIsAbout) {
  ExpectKept(R"({"rules": [
      {"match": {"method": "P", "path": "/", "model": "m", "stream": false, "header": {"a": "b"},
                 "body": {"/x": [1, {"y": null}]}, "prompt_contains": "p"},
       "key": "header:x", "probability": 0.25, "schedule": [{"after_ms": 1, "for_ms": 2, "every_ms": 3}],
       "script": [{"choose": [{"weight": 2, "error": 503, "retry_after_ms": 5}, {"fault": "reset"}], "times": 3}],
       "then": "pass"},
      {"key": "connection", "script": [{"error": "rate_limit"}]}]})",
             {"prompt_contains", "header:x", "0.25", "every_ms", "retry_after_ms", "\"reset\"",
              "\"times\": 3", "\"pass\"", "connection", "rate_limit"});
}

TEST(ScenarioWriter, KeepsReplies) {
  ExpectKept(R"({"rules": [{"script": [
      {"reply": {"text": "t", "tool_calls": [{"id": "1", "name": "f", "arguments": {"a": 1}}],
                 "finish_reason": "length", "usage": {"prompt_tokens": 1, "total_cost": 0.5}, "model": "mm",
                 "id": "i", "headers": {"x": "y"}, "status": 201}},
      {"reply": {"usage": null}}, {"reply": {"body": {"raw": "Grüße"}}}]}]})",
             {"finish_reason", "total_cost", "\"mm\"", "201", "\"usage\": null", "raw"});
}

TEST(ScenarioWriter, KeepsWhatGoesWrongWithAnAnswer) {
  ExpectKept(R"({"rules": [{"script": [
      {"reply": {"text": "t"}, "delay_ms": 5, "drip": {"bytes_per_s": 3},
       "hang": {"at": "mid_body", "for_ms": 3, "end": "reply"},
       "frames": {"delay_ms": {"type": "uniform", "lower": 1, "upper": 2}, "omit_done": true, "at": [
          {"frame": 1, "stall_ms": 4, "comment": "c", "malformed": true}, {"frame": 2, "malformed": ""},
          {"frame": 3, "split_utf8": true}, {"frame": 4, "error_event": 500}, {"frame": 5, "duplicate": true},
          {"frame": 6, "cut_mid_event": true}]}},
      {"frames": {"at": [{"frame": 2, "malformed": "{", "end": "reset"}]}},
      {"frames": {"at": [{"frame": 2, "end": "clean"}]}},
      {"hang": {"at": "after_headers"}}]}]})",
             {"bytes_per_s", "mid_body", "omit_done", "stall_ms", "\"comment\"", "split_utf8", "error_event",
              "duplicate", "cut_mid_event", "\"{\"", "\"reset\"", "\"clean\"", "after_headers"});
}

}  // namespace
}  // namespace mock_provider
