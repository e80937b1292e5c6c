#include "mock_provider/scenario_file/scenario_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mock_provider {
namespace {

std::string Wrong(const std::string& json) {
  const auto scenario = ParseScenario(json);
  return scenario.ok() ? "no mistake" : std::string(scenario.status().message());
}

// The mistakes of a scenario whose only rule has this only step.
std::string WrongStep(const std::string& step) { return Wrong(R"({"rules":[{"script":[)" + step + "]}]}"); }
std::string WrongRule(const std::string& fields) {
  return Wrong(R"({"rules":[{"script":[{"error":503}],)" + fields + "}]}");
}

TEST(ScenarioParser, CommentsAreAllowedAndRulesAloneMakeAProviderCalledMock) {
  const auto scenario = ParseScenario(R"({ // why
    "version": 1, "seed": 42, /* how */
    "rules": [{"script": [{"error": 503, "times": 2}, {"reply": {"text": "ok"}}]}] })");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(scenario->seed, 42u);
  ASSERT_EQ(scenario->providers.size(), 1u);
  EXPECT_EQ(scenario->providers[0].name, "mock");
  const Rule& rule = scenario->providers[0].rules.at(0);
  EXPECT_EQ(rule.name, "rule-0");
  EXPECT_EQ(rule.script.at(0).times, 2);
  EXPECT_EQ(rule.script.at(0).action.error->status, 503);
  EXPECT_EQ(rule.script.at(1).action.reply->text, "ok");
}

TEST(ScenarioParser, ARuleWithoutANameGetsOneThatIsFree) {
  const auto scenario = ParseScenario(R"({"rules": [
      {"name": "rule-1", "script": [{"error": 503}]}, {"script": [{"error": 503}]},
      {"script": [{"error": 503}]}, {"script": [{"error": 503}]}, {"name": "rule-3", "script": [{"error": 503}]}
    ]})");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  std::vector<std::string> names;
  for (const Rule& rule : scenario->providers[0].rules) names.push_back(rule.name);
  EXPECT_EQ(names, (std::vector<std::string>{"rule-1", "rule-5", "rule-2", "rule-6", "rule-3"}));
}

TEST(ScenarioParser, NeitherProvidersNorRulesIsOneHealthyProvider) {
  const auto scenario = ParseScenario("{}");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(scenario->providers.at(0).name, "mock");
  EXPECT_TRUE(scenario->providers.at(0).rules.empty());
}

TEST(ScenarioParser, EveryFieldOfARuleIsRead) {
  const auto scenario =
      ParseScenario(R"({"providers": [{"name": "a", "listen": "127.0.0.1:0", "dialect": "azure",
    "models": ["m"], "api_keys": ["k"], "stream": {"ttft_ms": 5, "tps": 60, "jitter": 0.1},
    "listener": [{"refuse": true, "schedule": [{"after_ms": 1, "for_ms": 2}]}],
    "rules": [{"name": "r", "match": {"method": "POST", "path": "/v1/*", "model": "m*", "stream": true,
        "header": {"x-a": "b*"}, "body": {"/metadata/case": "x"}, "prompt_contains": "hi"},
      "key": "body:/user", "probability": 0.5, "schedule": [{"after_ms": 1, "for_ms": 2, "every_ms": 3}],
      "script": [{"choose": [{"weight": 7, "fault": "CONNECTION_RESET_BY_PEER"}, {"error": "overloaded"}]},
        {"delay_ms": {"type": "uniform", "lower": 1, "upper": 2}, "drip": {"bytes_per_s": 10},
         "hang": {"at": "frame 3", "for_ms": 10, "end": "reset"},
         "frames": {"delay_ms": 3, "omit_done": true, "at": [{"frame": 2, "stall_ms": 4, "comment": "c", "end": "fin"}]}}],
      "then": "repeat"}]}]})");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  const Provider& provider = scenario->providers.at(0);
  EXPECT_EQ(provider.dialect, Dialect::kAzure);
  EXPECT_EQ(provider.stream.tps, 60);
  EXPECT_EQ(provider.refuse.at(0).for_ms, 2);
  const Rule& rule = provider.rules.at(0);
  EXPECT_EQ(rule.match.headers.at(0).second, "b*");
  EXPECT_EQ(rule.match.body.at(0).json, "\"x\"");
  EXPECT_EQ(rule.key.name, "/user");
  EXPECT_EQ(rule.then, Then::kRepeat);
  EXPECT_EQ(rule.script.at(0).choose.at(0).action.fault, FaultKind::kReset);
  EXPECT_EQ(rule.script.at(0).choose.at(1).weight, 1);
  const Action& action = rule.script.at(1).action;
  EXPECT_EQ(action.delay_ms, Delay::Uniform(1, 2));
  EXPECT_EQ(action.hang->frame, 3);
  EXPECT_EQ(action.hang->end, Hang::End::kReset);
  EXPECT_EQ(action.frames->at.at(0).comment, "c");
}

TEST(ScenarioParser, AMisspeltFieldIsNamedWithItsPathAndTheNearestKnownOne) {
  EXPECT_EQ(
      Wrong(R"({"providers":[{"name":"a","rules":[{"match":{"modle":"x"},"script":[{"error":503}]}]}]})"),
      "providers[0].rules[0].match.modle: unknown field (did you mean \"model\"?)");
  EXPECT_EQ(
      WrongStep(R"({"error":"overlaoded"})"),
      "rules[0].script[0].error: \"overlaoded\" is none of rate_limit, insufficient_quota, overloaded, "
      "server_error, context_length, invalid_api_key, model_not_found, content_filter, bad_gateway_html "
      "(did you mean \"overloaded\"?)");
  EXPECT_EQ(WrongStep(R"({"hang":{"zzzzzz":1}})"),
            "rules[0].script[0].hang.zzzzzz: unknown field; known here: at, for_ms, end");
  EXPECT_NE(WrongStep(R"({"fault":"rest"})").find("did you mean \"reset\"?"), std::string::npos);
}

TEST(ScenarioParser, AMisspeltActionIsNotCalledAMissingOne) {
  EXPECT_EQ(WrongStep(R"({"eror":503})"), "rules[0].script[0].eror: unknown field (did you mean \"error\"?)");
  EXPECT_EQ(WrongStep(R"({"delay":5})"),
            "rules[0].script[0].delay: unknown field (did you mean \"delay_ms\"?)");
  EXPECT_EQ(WrongStep(R"({"choose":[{"fualt":"reset"}]})"),
            "rules[0].script[0].choose[0].fualt: unknown field (did you mean \"fault\"?)");
  EXPECT_EQ(WrongStep(R"({"times":2})"),
            "rules[0].script[0]: a step needs an action, such as reply, error or fault");
  EXPECT_EQ(WrongStep(R"({"choose":[{"weight":2}]})"),
            "rules[0].script[0].choose[0]: a choice needs an action, such as reply, error or fault");
}

TEST(ScenarioParser, AnUpstreamIsABaseAddressAndContradictsWhatItDecides) {
  const auto provider = [](const std::string& members) {
    return Wrong(R"({"providers":[{"name":"a",)" + members + "}]}");
  };
  EXPECT_EQ(provider(R"("upstream":"api.example.com")"),
            "providers[0].upstream: must begin with http:// or https://");
  EXPECT_NE(provider(R"("upstream_api_key":"k")").find("without upstream"), std::string::npos);
  EXPECT_NE(provider(R"("upstream":"http://x","upstream_ca_file":"f")").find("without TLS"),
            std::string::npos);
  EXPECT_EQ(provider(R"("upstream":"http://x","models":["m"],"stream":{"tps":5})"), "no mistake");
  EXPECT_NE(provider(R"("upstream":"http://x","upstream_api_key":"k","upstream_api_key_env":"K")")
                .find("providers[0].upstream_api_key_env: contradictory"),
            std::string::npos);
  EXPECT_NE(provider(R"("upstreem":"http://x")").find("did you mean \"upstream\"?"), std::string::npos);
}

TEST(ScenarioParser, WhatCanNeverTakeEffectIsAMistake) {
  const auto plain = [](const std::string& step) {
    return Wrong(R"({"rules":[{"match":{"stream":false},"script":[)" + step + "]}]}");
  };
  EXPECT_EQ(
      plain(R"({"error":503},{"frames":{"omit_done":true}})"),
      "rules[0].script[1]: contradictory: the rule is for requests that are no streams, and have no frames");
  EXPECT_EQ(
      plain(R"({"choose":[{"error":503},{"hang":{"at":"frame 1"}}]})"),
      "rules[0].script[0]: contradictory: the rule is for requests that are no streams, and have no frames");
  EXPECT_EQ(
      plain(
          R"({"reply":{"body":"data: 1\n\n","headers":{"content-type":"text/event-stream"}},"frames":{"omit_done":true}})"),
      "no mistake");
  EXPECT_EQ(WrongRule(R"("match":{"method":"post"})"),
            "rules[0].match.method: \"post\" matches nothing: methods are in capitals");
  EXPECT_EQ(WrongRule(R"("match":{"method":"P*"})"), "no mistake");
  EXPECT_EQ(WrongRule(R"("match":{"path":"v1/models"})"),
            "rules[0].match.path: \"v1/models\" matches nothing: paths begin with /");
  EXPECT_NE(WrongRule(R"("match":{"path":""})"), "no mistake");
  for (const std::string path : {"/v1/*", "*/models", "?v1/models"})
    EXPECT_EQ(WrongRule(R"("match":{"path":")" + path + "\"}"), "no mistake") << path;
}

TEST(ScenarioParser, ANumberThatCanOnlyBeOneIsSaidToBeThat) {
  EXPECT_EQ(Wrong(R"({"version":2})"), "version: must be 1");
}

TEST(ScenarioParser, AnEmptyListIsNoWayToLeaveItOut) {
  EXPECT_EQ(Wrong(R"({"providers":[{"name":"a","api_keys":[],"models":[]}]})"),
            "providers[0].models: lists none: leave it out\n"
            "providers[0].api_keys: lists none: leave it out for any to do");
}

TEST(ScenarioParser, AnEmptyKeyThatRequestsWithoutOneWouldHaveIsAMistake) {
  EXPECT_EQ(Wrong(R"({"providers":[{"name":"a","api_keys":["k",""]}]})"),
            "providers[0].api_keys[1]: must not be empty: requests without a key would have it");
}

TEST(ScenarioParser, LimitsAreWholeNumbersAboveZeroAndAtLeastOne) {
  const auto limits = [](const std::string& json) {
    return Wrong(R"({"providers":[{"name":"a","limits":)" + json + "}]}");
  };
  EXPECT_NE(limits(R"({"rpm":0})").find("providers[0].limits.rpm"), std::string::npos);
  EXPECT_NE(limits(R"({"tpm":1.5})").find("providers[0].limits.tpm"), std::string::npos);
  EXPECT_NE(limits(R"({"concurency":1})").find("did you mean \"concurrency\"?"), std::string::npos);
  EXPECT_EQ(limits("{}"), "providers[0].limits: needs rpm, tpm or concurrency");
}

TEST(ScenarioParser, TlsNamesACertificateOrAHandshakeThatNeverShowsOne) {
  const auto tls = [](const std::string& json) {
    return Wrong(R"({"providers":[{"name":"a","tls":)" + json + "}]}");
  };
  EXPECT_NE(tls(R"({"certificate":"self-signed"})").find("did you mean \"self_signed\"?"), std::string::npos);
  EXPECT_NE(tls(R"({"handshake":"drop"})").find("providers[0].tls.handshake"), std::string::npos);
  EXPECT_NE(tls(R"({"certificate":"valid","handshake":"hang"})").find("contradictory"), std::string::npos);
  EXPECT_EQ(tls(R"({"certificate":"expired","names":["mock-provider","192.0.2.7","::2"]})"), "no mistake");
  EXPECT_EQ(tls(R"({"names":["a,DNS:b"]})"),
            "providers[0].tls.names: \"a,DNS:b\" is neither a DNS name nor an address");
  for (const char* json : {R"({"certificate":"wrong_name","names":["a"]})",
                           R"({"handshake":"hang","names":["a"]})", R"({"names":[]})", R"({"names":[5]})"})
    EXPECT_NE(tls(json), "no mistake") << json;
  EXPECT_NE(tls(R"("valid")").find("providers[0].tls"), std::string::npos);
}

TEST(ScenarioParser, EveryMistakeGetsALine) {
  const std::string wrong = Wrong(R"({"version":2,"seeed":1,"rules":[{"script":[],"then":"never"}]})");
  EXPECT_EQ(std::count(wrong.begin(), wrong.end(), '\n'), 3) << wrong;
}

TEST(ScenarioParser, ASyntaxErrorNamesItsLine) {
  EXPECT_NE(Wrong("{\n\"seed\": }").find("line 2"), std::string::npos) << Wrong("{\n\"seed\": }");
}

TEST(ScenarioParser, AFieldGivenTwiceIsAMistake) {
  EXPECT_EQ(Wrong(R"({"seed":1,"seed":2})"), "seed: is given twice");
  EXPECT_EQ(
      Wrong(R"({"rules":[{"script":[{"error":503}]},{"script":[5,{"error":503,"error":504,"a":{}}]}]})"),
      "rules[1].script[1].error: is given twice");
}

TEST(ScenarioParser, FieldsGivenTwiceAreToldUntilThereAreManyOfThem) {
  std::string fields = R"("a":1)";
  for (int i = 0; i < 20; ++i) fields += R"(,"a":1)";
  const std::string twenty = Wrong(R"({"b":{)" + fields + "}}");
  EXPECT_EQ(std::count(twenty.begin(), twenty.end(), '\n'), 19) << twenty;
  EXPECT_TRUE(twenty.ends_with("\nb.a: is given twice")) << twenty;
  EXPECT_EQ(Wrong(R"({"b":{)" + fields + R"(,"a":1,"a":1}})"), twenty + "\nand more");
}

TEST(ScenarioParser, ContradictionsAreMistakes) {
  const std::vector<std::string> steps = {
      R"({"reply":{},"error":503})",
      R"({"error":503,"frames":{"omit_done":true}})",
      R"({"fault":"reset","frames":{"omit_done":true}})",
      R"({"retry_after_ms":5})",
      R"({"reply":{"body":"x","text":"y"}})",
      R"({"hang":{"end":"reset"}})",
      R"({"hang":{"for_ms":100},"reply":{"text":"at last"}})",
      R"({"hang":{},"reply":{"text":"never"}})",
      R"({"hang":{"for_ms":5,"end":"reset"},"error":503})",
      R"({"hang":{"for_ms":5},"error":503,"retry_after_ms":7})",
      R"({"hang":{"for_ms":5},"fault":"empty_body"})",
      R"({"hang":{},"frames":{"omit_done":true}})",
      R"({"hang":{},"drip":{"bytes_per_s":5}})",
      R"({"hang":{"at":"frame 2"},"error":503})",
      R"({"hang":{"at":"frame 2"},"reply":{"body":"x"}})",
      R"({"error":503,"choose":[{"error":500}]})",
      R"({"fault":"reset","hang":{"at":"after_headers"}})",
      R"({"fault":"EMPTY_RESPONSE","hang":{"at":"mid_body"}})",
      R"({"fault":"close","drip":{"bytes_per_s":5}})",
      R"({"frames":{"at":[{"frame":1,"duplicate":true,"malformed":true}]}})",
      R"({"reply":{"body":"x"},"frames":{"omit_done":true}})",
      R"({"reply":{"headers":{"Content-Length":"5"}}})",
      R"({"reply":{"headers":{"transfer-encoding":"chunked"}}})",
      R"({"fault":"html_error","error":"rate_limit"})",
      R"({"fault":"html_error","reply":{"status":500}})",
      R"({"fault":"reset","error":503})",
      R"({"fault":"close","reply":{}})",
      R"({"fault":"random_bytes","error":503})",
      R"({"fault":"random_bytes","drip":{"bytes_per_s":5}})",
      R"({"fault":"empty_body","drip":{"bytes_per_s":5}})",
      R"({"fault":"empty_body","hang":{"at":"mid_body"}})",
      R"({"hang":{"at":"mid_body"},"reply":{"body":""}})",
      R"({"hang":{"at":"mid_body"},"reply":{"status":204}})",
      R"({"drip":{"bytes_per_s":5},"reply":{"status":304}})",
      R"({"reply":{"status":204,"text":"x"}})",
      R"({"reply":{"status":304,"body":"x"}})",
      R"({"frames":{"at":[{"frame":1,"end":"fin"},{"frame":1,"comment":"c"}]}})",
      R"({"frames":{"at":[{"frame":4,"comment":"c"},{"frame":2,"cut_mid_event":true}]}})",
  };
  for (const std::string& step : steps) {
    EXPECT_NE(WrongStep(step).find("contradictory"), std::string::npos) << step << ": " << WrongStep(step);
  }
  EXPECT_NE(Wrong(R"({"rules":[],"providers":[{"name":"a"}]})").find("contradictory"), std::string::npos);
  EXPECT_NE(WrongRule(R"("schedule":[{"every_ms":5}])").find("contradictory"), std::string::npos);
  EXPECT_NE(WrongRule(R"("schedule":[{"for_ms":0.0004}])").find("never open"), std::string::npos);
  EXPECT_NE(WrongRule(R"("schedule":[{"for_ms":6,"every_ms":5}])").find("contradictory"), std::string::npos);
}

TEST(ScenarioParser, WhatWouldHaveNoEffectIsAMistake) {
  EXPECT_EQ(WrongStep(R"({"reply":{"headers":{"X-A":"1","x-a":"2"}}})"),
            "rules[0].script[0].reply.headers.x-a: is given twice: a name is the same in any case");
  EXPECT_NE(WrongStep(R"({"reply":{"headers":{"x":"a\u0000b"}}})").find("one line"), std::string::npos);
  for (const char* value : {"5", "[]", R"(["a",5])", R"(["a","b\n"])", R"([["a"]])"}) {
    const std::string wrong = WrongStep(R"({"reply":{"headers":{"x":)" + std::string(value) + "}}}");
    EXPECT_NE(wrong.find("one line"), std::string::npos) << value << ": " << wrong;
  }
  EXPECT_NE(WrongRule(R"("schedule":[{"for_ms":0}])").find("more than 0"), std::string::npos);
  for (const char* field : {"upstream_api_key", "upstream_api_key_env", "upstream_ca_file"}) {
    const std::string wrong =
        Wrong(R"({"providers":[{"name":"a","upstream":"https://h/v1",")" + std::string(field) + R"(":""}]})");
    EXPECT_NE(wrong.find("must not be empty"), std::string::npos) << wrong;
  }
}

TEST(ScenarioParser, WhatShowsInSpiteOfAFaultOrAnEndIsNoContradiction) {
  for (const std::string step :
       {R"({"fault":"invalid_json","error":503})", R"({"fault":"huge_headers","reply":{"status":500}})",
        R"({"fault":"close_mid_headers","error":503,"hang":{"at":"after_headers"}})",
        R"({"fault":"random_bytes","hang":{"at":"after_headers"}})", R"({"reply":{"status":204}})",
        R"({"reply":{"status":204,"body":""}})",
        R"({"hang":{"for_ms":5,"end":"reply"},"error":503,"drip":{"bytes_per_s":5}})",
        R"({"hang":{"for_ms":5},"delay_ms":5})",
        R"({"frames":{"at":[{"frame":2,"end":"fin"},{"frame":1,"comment":"c"}]}})",
        R"({"frames":{"at":[{"frame":2,"comment":"c"},{"frame":2,"stall_ms":5,"end":"fin"}]}})"}) {
    EXPECT_EQ(WrongStep(step), "no mistake") << step;
  }
}

TEST(ScenarioParser, ABodyThatIsAnEventStreamHasFrames) {
  const auto scenario = ParseScenario(R"({"rules":[{"script":[{"reply":{"body":"data: x\n\n",
    "headers":{"Content-Type":"text/event-stream"}},"frames":{"at":[{"frame":0,"comment":"c"}]}}]}]})");
  EXPECT_TRUE(scenario.ok()) << scenario.status();
}

TEST(ScenarioParser, StepsThatSayNothingAreMistakes) {
  for (const std::string step :
       {"{}", R"({"times":2})", R"({"choose":[]})", R"({"choose":[{"weight":1}]})",
        R"({"choose":[{"weight":0,"error":503}]})", R"({"frames":{"at":[{"frame":1}]}})"}) {
    EXPECT_NE(WrongStep(step), "no mistake") << step;
  }
}

TEST(ScenarioParser, WrongTypesAndRangesAreMistakes) {
  for (const std::string step : {R"("error")",
                                 R"({"error":200})",
                                 R"({"error":1e3})",
                                 R"({"error":503,"times":0})",
                                 R"({"delay_ms":-1})",
                                 R"({"delay_ms":{"type":"uniform","lower":2,"upper":1}})",
                                 R"({"delay_ms":{"type":"normal"}})",
                                 R"({"delay_ms":{"type":"lognormal","median":1}})",
                                 R"({"drip":{"bytes_per_s":0}})",
                                 R"({"drip":5})",
                                 R"({"hang":{"at":"frame x"}})",
                                 R"({"hang":{"at":"frame N"}})",
                                 R"({"hang":{"at":{}}})",
                                 R"({"frames":{"at":[{"stall_ms":5}]}})",
                                 R"({"reply":{"usage":5}})",
                                 R"({"reply":{"usage":{"prompt":5}}})",
                                 R"({"reply":{"status":99}})",
                                 R"({"reply":{"headers":{"a b":"x"}}})",
                                 R"({"reply":{"headers":{"a":"x\r\ny"}}})",
                                 R"({"reply":{"tool_calls":[]}})",
                                 R"({"reply":{"tool_calls":[{"arguments":"{}"}]}})"}) {
    EXPECT_NE(WrongStep(step), "no mistake") << step;
  }
  for (const std::string fields :
       {R"("probability":1.5)", R"("key":"cookie:x")", R"("key":"body:user")", R"("name":"")",
        R"("schedule":[])", R"("match":{"stream":"yes"})", R"("match":{"body":{"x":1}})",
        R"("match":{"body":{"/a~2":1}})", R"("match":{"body":{"/a~":1}})",
        R"("match":{"header":{"x test":"1"}})", R"("match":{"header":{"":"1"}})", R"("key":"header:x test")",
        R"("key":"body:/a~2")", R"("match":{"stream":true,"body":{"/stream":false}})"}) {
    EXPECT_NE(WrongRule(fields), "no mistake") << fields;
  }
  for (const std::string whole :
       {"[]", "5", R"({"seed":-1})", R"({"providers":[]})", R"({"providers":[{}]})", R"({"version":1.5})",
        R"({"providers":[{"name":"a"},{"name":"a"}]})", R"({"providers":[{"name":"a\nb"}]})",
        R"({"providers":[{"name":"a","listen":"nowhere"}]})",
        R"({"providers":[{"name":"a","listen":"127.0.0.1:5"},{"name":"b","listen":"127.0.0.1:5"}]})",
        R"({"rules":[{"name":"x","script":[{"error":503}]},{"name":"x","script":[{"error":503}]}]})"}) {
    EXPECT_NE(Wrong(whole), "no mistake") << whole;
  }
}

TEST(ScenarioParser, JsonThatIsSentKeepsTheOrderOfItsMembers) {
  const auto scenario = ParseScenario(R"({"rules":[{"script":[
    {"reply":{"body":{"zone":1,"area":{"y":2,"x":3}}}},
    {"reply":{"tool_calls":[{"name":"f","arguments":{"to":"b","from":"a"}}],
              "usage":{"prompt_tokens_details":{"cached_tokens":1,"audio_tokens":0}}}}]}]})");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  const std::vector<Step>& script = scenario->providers.at(0).rules.at(0).script;
  EXPECT_EQ(script.at(0).action.reply->body, R"({"zone":1,"area":{"y":2,"x":3}})");
  EXPECT_EQ(script.at(1).action.reply->tool_calls.at(0).arguments, R"({"to":"b","from":"a"})");
  EXPECT_EQ(script.at(1).action.reply->usage.more.at(0).second, R"({"cached_tokens":1,"audio_tokens":0})");
}

TEST(ScenarioParser, AnObjectTooWideToKeepItsOrderIsRefused) {
  const auto body = [](int members) {
    std::string object;
    for (int i = 0; i < members; ++i) object += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    return WrongStep(R"({"reply":{"body":{)" + object + "}}}");
  };
  EXPECT_EQ(body(3'000), "no mistake");
  EXPECT_EQ(body(10'001), "an object of more than 10000 members");
}

TEST(ScenarioParser, HostileNestingIsRefused) {
  EXPECT_NE(Wrong(std::string(100'000, '[')), "no mistake");
  EXPECT_NE(Wrong(std::string(100'000, '[') + std::string(100'000, ']')), "no mistake");
}

TEST(ScenarioParser, ScriptsMayBeLong) {
  constexpr std::size_t kSteps = 20'000;
  std::string steps;
  for (std::size_t i = 0; i < kSteps; ++i) steps += (i > 0 ? "," : "") + std::string(R"({"error":503})");
  const auto scenario = ParseScenario(R"({"rules":[{"script":[)" + steps + "]}]}");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(scenario->providers[0].rules[0].script.size(), kSteps);
}

}  // namespace
}  // namespace mock_provider
