#include "proxy/config/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

namespace arbstr::proxy {
namespace {

constexpr const char* kProvider = "[[providers]]\nname = \"a\"\nurl = \"http://h/v1\"\n";

LoadResult Load(const std::string& text, const std::map<std::string, std::string>& variables = {}) {
  return LoadConfig(text, "f.toml", [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string Only(const LoadResult& loaded) {
  EXPECT_FALSE(loaded.config);
  std::string all;
  for (const auto& error : loaded.errors) all += (all.empty() ? "" : "\n") + error;
  EXPECT_EQ(loaded.errors.size(), 1u) << all;
  return all;
}

// The mistake of a file whose second line is `line`, in `section`.
std::string MistakeOf(const std::string& section, const std::string& line,
                      const std::map<std::string, std::string>& variables = {}) {
  return Only(Load("[" + section + "]\n" + line + "\n" + kProvider, variables));
}

TEST(LoadTest, EveryKeyOfTheReferenceIsKnown) {
  const LoadResult loaded = Load(R"(
[server]
listen = "127.0.0.1:8080"
threads = 0
auth_token = "${ARBSTR_TOKEN}"
rate_limit_rps = 0
max_connections = 10000
max_body_bytes = 33554432
max_response_bytes = 67108864
max_header_bytes = 65536
header_timeout_ms = 10000
body_timeout_ms = 60000
idle_timeout_ms = 75000
drain_timeout_ms = 30000
cors_origins = []
[database]
path = "rows.db"
durability = "before_response"
retention_days = 0
[retry]
max_retries = 2
backoff_ms = [1000, 2000, 4000]
jitter = 0.2
deadline_ms = 30000
max_deadline_ms = 600000
deadline_by_model = {}
connect_timeout_ms = 3000
attempt_timeout_ms = 0
retry_after_max_ms = 5000
fallbacks = 1
statuses = [500, 502, 503, 504, 520, 521, 522, 523, 524, 529]
fallback_statuses = []
streaming = "fail_fast"
first_event_ms = 300000
stream_idle_ms = 300000
budget_percent = 20
budget_min_per_s = 10
[[providers]]
name = "alpha"
url = "https://api.example.com/v1"
api_key = "${ALPHA_KEY}"
auth = "api-key"
headers = { "X-Title" = "arbstr" }
stream_usage = false
models = ["gpt-4o"]
model_names = { "gpt-4o" = "openai/gpt-4o" }
input_rate = 10000
output_rate = 30000.5
base_fee = 1
max_concurrency = 8
tls_ca_file = "ca.pem"
[policies]
default_strategy = "lowest_latency"
[[policies.rules]]
name = "code"
allowed_models = ["gpt-4o"]
strategy = "round_robin"
max_sats_per_1m_output = 50000
keywords = ["function", "debug"]
[circuit_breaker]
failures = 5
open_ms = 30000
[logging]
level = "warn"
format = "json"
bodies = false
)",
                                 {{"ARBSTR_TOKEN", "tok"}, {"ALPHA_KEY", "sk-1"}});
  ASSERT_TRUE(loaded.config) << loaded.errors.front();
  const Config& config = *loaded.config;
  EXPECT_EQ(config.server.auth_token, "tok");
  EXPECT_EQ(config.database.path, "rows.db");
  EXPECT_EQ(config.database.durability, Durability::kBeforeResponse);
  ASSERT_EQ(config.providers.size(), 1u);
  const ProviderConfig& alpha = config.providers[0];
  EXPECT_EQ(alpha.name, "alpha");
  EXPECT_EQ(alpha.url, *ParseProviderUrl("https://api.example.com/v1"));
  EXPECT_EQ(alpha.api_key, "sk-1");
  EXPECT_EQ(alpha.auth, ProviderConfig::Auth::kApiKey);
  EXPECT_EQ(alpha.headers, (std::vector<std::pair<std::string, std::string>>{{"X-Title", "arbstr"}}));
  EXPECT_FALSE(alpha.stream_usage);
  EXPECT_EQ(alpha.models, std::vector<std::string>{"gpt-4o"});
  EXPECT_EQ(alpha.model_names, (std::map<std::string, std::string>{{"gpt-4o", "openai/gpt-4o"}}));
  EXPECT_EQ(alpha.input_rate, 10000);
  EXPECT_EQ(alpha.output_rate, 30000.5);
  EXPECT_EQ(alpha.base_fee, 1);
  EXPECT_EQ(alpha.tls_ca_file, "ca.pem");
  EXPECT_EQ(config.policies.default_strategy, router::Strategy::kLowestLatency);
  ASSERT_EQ(config.policies.rules.size(), 1u);
  const router::PolicyRule& rule = config.policies.rules[0];
  EXPECT_EQ(rule.name, "code");
  EXPECT_EQ(rule.allowed_models, std::vector<std::string>{"gpt-4o"});
  EXPECT_EQ(rule.strategy, router::Strategy::kRoundRobin);
  EXPECT_EQ(rule.max_sats_per_1m_output, 50000);
  EXPECT_EQ(rule.keywords, (std::vector<std::string>{"function", "debug"}));
  EXPECT_EQ(config.logging.level, LogLevel::kWarn);
  EXPECT_EQ(config.logging.format, LogFormat::kJson);
}

TEST(LoadTest, TheDefaultsOfWhatIsNotANumber) {
  const LoadResult loaded = Load(kProvider);
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->server.listen, (ListenAddress{"127.0.0.1", 8080}));
  EXPECT_FALSE(loaded.config->server.auth_token);
  EXPECT_EQ(loaded.config->database.path, "arbstr.db");
  EXPECT_EQ(loaded.config->database.durability, Durability::kGroup);
  EXPECT_EQ(loaded.config->retry.statuses,
            (std::vector<int>{500, 502, 503, 504, 520, 521, 522, 523, 524, 529}));
  EXPECT_TRUE(loaded.config->retry.fallback_statuses.empty());
  EXPECT_EQ(loaded.config->retry.streaming, StreamingRetry::kFailFast);
  EXPECT_EQ(loaded.config->providers[0].auth, ProviderConfig::Auth::kBearer);
  EXPECT_TRUE(loaded.config->providers[0].stream_usage);
  EXPECT_TRUE(loaded.config->providers[0].models.empty());
  EXPECT_EQ(loaded.config->policies.default_strategy, router::Strategy::kCheapest);
  EXPECT_EQ(loaded.config->logging.level, LogLevel::kInfo);
  EXPECT_EQ(loaded.config->logging.format, LogFormat::kText);
}

TEST(LoadTest, AnUnknownKeyIsAMistakeWithTheNearestKnownOne) {
  EXPECT_EQ(MistakeOf("server", "lisen = \"x\""),
            "f.toml:2:1: server.lisen: unknown key; did you mean \"listen\"?");
  EXPECT_EQ(MistakeOf("retry", "max_retrys = 1"),
            "f.toml:2:1: retry.max_retrys: unknown key; did you mean \"max_retries\"?");
  EXPECT_EQ(MistakeOf("retry", "colour = 1"), "f.toml:2:1: retry.colour: unknown key");
  EXPECT_EQ(Only(Load(std::string("[sever]\n") + kProvider)),
            "f.toml:1:2: sever: unknown key; did you mean \"server\"?");
  EXPECT_EQ(Only(Load(std::string(kProvider) + "modls = []")),
            "f.toml:4:1: providers[0].modls: unknown key; did you mean \"models\"?");
  EXPECT_EQ(Only(Load(std::string(kProvider) + "[[policies.rules]]\nname = \"r\"\nkeyword = []")),
            "f.toml:6:1: policies.rules[0].keyword: unknown key; did you mean \"keywords\"?");
}

TEST(LoadTest, AnotherTypeIsAMistakeThatSaysWhichIsWanted) {
  EXPECT_EQ(MistakeOf("server", "listen = 8080"), "f.toml:2:10: server.listen: must be a string");
  EXPECT_EQ(MistakeOf("server", "auth_token = [\"a\"]"), "f.toml:2:14: server.auth_token: must be a string");
  EXPECT_EQ(MistakeOf("logging", "bodies = \"no\""), "f.toml:2:10: logging.bodies: must be true or false");
  EXPECT_EQ(MistakeOf("logging", "level = 3"), "f.toml:2:9: logging.level: must be a string");
  EXPECT_EQ(MistakeOf("logging", "level = \"loud\""),
            "f.toml:2:9: logging.level: must be one of \"trace\", \"debug\", \"info\", \"warn\", \"error\"");
  EXPECT_EQ(Only(Load(std::string(kProvider) + "models = \"m\"")),
            "f.toml:4:10: providers[0].models: must be an array of strings");
  EXPECT_EQ(Only(Load(std::string(kProvider) + "models = [\"m\", 5]")),
            "f.toml:4:10: providers[0].models: must be an array of strings");
}

TEST(LoadTest, AnEmptyChoiceIsNoChoice) {
  EXPECT_NE(MistakeOf("logging", "level = \"\"").find("must be one of"), std::string::npos);
  EXPECT_NE(MistakeOf("server", "listen = \"\"").find("must be HOST:PORT"), std::string::npos);
}

TEST(LoadTest, ATableThatIsNoneIsAMistake) {
  EXPECT_EQ(Only(Load(std::string("retry = 5\n") + kProvider)),
            "f.toml:1:9: retry: must be a table: [retry]");
  EXPECT_EQ(Only(Load(std::string("policies = { rules = 5 }\n") + kProvider)),
            "f.toml:1:22: policies.rules: must be an array of tables: [[policies.rules]]");
  EXPECT_NE(Load("providers = 5\n").errors.front().find("must be an array of tables: [[providers]]"),
            std::string::npos);
  EXPECT_NE(Load("providers = [5]\n").errors.front().find("must be an array of tables: [[providers]]"),
            std::string::npos);
  EXPECT_NE(
      Load("[providers]\nname = \"a\"\n").errors.front().find("must be an array of tables: [[providers]]"),
      std::string::npos);
}

TEST(LoadTest, MistakesAreListedInTheFilesOrder) {
  const LoadResult loaded = Load(
      "[logging]\nformat = 1\nlevl = \"x\"\n[server]\nthreads = -1\nlisten = \"x\"\n"
      "[[providers]]\nname = \"a\"\nurl = \"ftp://h\"\n[retry]\njitter = 2\n");
  ASSERT_EQ(loaded.errors.size(), 6u);
  const char* starts[] = {
      "f.toml:2:10: logging.format: ", "f.toml:3:1: logging.levl: ",     "f.toml:5:11: server.threads: ",
      "f.toml:6:10: server.listen: ",  "f.toml:9:7: providers[0].url: ", "f.toml:11:10: retry.jitter: "};
  for (size_t i = 0; i < 6; ++i) EXPECT_TRUE(loaded.errors[i].starts_with(starts[i])) << loaded.errors[i];
}

TEST(LoadTest, TextThatIsNotTomlIsOneMistakeWithItsPlace) {
  EXPECT_TRUE(Only(Load("[server\n")).starts_with("f.toml:1:8: TOML: "));
  EXPECT_TRUE(Only(Load("[server]\nthreads = 1\nthreads = 2\n")).starts_with("f.toml:3:"));
  EXPECT_TRUE(Only(Load("[server]\n[server]\n")).starts_with("f.toml:2:"));
  EXPECT_TRUE(Only(Load("x = \"\xff\"\n")).starts_with("f.toml:1:"));
  EXPECT_FALSE(Load(std::string("x = \"a\0b\"\n", 10)).config);
  EXPECT_FALSE(Load("x = " + std::string(100'000, '[')).config);
  EXPECT_EQ(Only(Load("")),
            "f.toml:1:1: providers: there is no provider: add [[providers]] with a name and a url");
}

TEST(LoadTest, CharactersBeyondAsciiStandInStringsAndCommentsAlone) {
  for (const std::string letter : {"é", "ё", "\u0487", "、", "ﬀ", "😀"}) {
    EXPECT_TRUE(Only(Load(letter + " = 1\n")).starts_with("f.toml:1:1: TOML: ")) << letter;
    EXPECT_TRUE(Only(Load("x = " + letter + "\n")).starts_with("f.toml:1:5: TOML: ")) << letter;
    EXPECT_TRUE(Only(Load("x" + letter + " = 1\n")).starts_with("f.toml:1:2: TOML: ")) << letter;
    const LoadResult loaded = Load("# " + letter + "\n[database]\npath = \"\"\"a\\\n  " + letter +
                                   ".db\"\"\" # " + letter + "\n" + kProvider);
    ASSERT_TRUE(loaded.config) << loaded.errors.front();
    EXPECT_EQ(loaded.config->database.path, "a" + letter + ".db");
  }
}

TEST(LoadTest, VariablesAreExpandedAnywhereInAString) {
  const LoadResult loaded = Load(
      "[database]\npath = \"${DIR}/x-${N}.db\"\n[[providers]]\nname = \"${NAME}\"\nurl = "
      "\"http://${HOST}/v1\"\nmodels = [\"${M}\"]\nmodel_names = { m = \"${M}/x\" }\nheaders = { a = "
      "\"$ {} ${EMPTY}$\" }\n",
      {{"DIR", "/var"}, {"N", "7"}, {"NAME", "a"}, {"HOST", "h"}, {"M", "gpt"}, {"EMPTY", ""}});
  ASSERT_TRUE(loaded.config) << loaded.errors.front();
  EXPECT_EQ(loaded.config->database.path, "/var/x-7.db");
  EXPECT_EQ(loaded.config->providers[0].name, "a");
  EXPECT_EQ(loaded.config->providers[0].url.host, "h");
  EXPECT_EQ(loaded.config->providers[0].models, std::vector<std::string>{"gpt"});
  EXPECT_EQ(loaded.config->providers[0].model_names.at("m"), "gpt/x");
  EXPECT_EQ(loaded.config->providers[0].headers[0].second, "$ {} $");
}

TEST(LoadTest, AVariablesValueIsNotExpandedAgain) {
  EXPECT_EQ(Load(std::string("[database]\npath = \"${A}\"\n") + kProvider, {{"A", "${B}"}, {"B", "x"}})
                .config->database.path,
            "${B}");
}

TEST(LoadTest, AVariableThatIsNotSetIsAMistakeThatNamesIt) {
  EXPECT_EQ(MistakeOf("database", "path = \"${NOPE}\""),
            "f.toml:2:8: database.path: the environment variable NOPE is not set");
  EXPECT_EQ(MistakeOf("database", "path = \"${NOPE\""), "f.toml:2:8: database.path: has a ${ without its }");
  EXPECT_EQ(MistakeOf("logging", "level = \"${NOPE}\""),
            "f.toml:2:9: logging.level: the environment variable NOPE is not set");
  EXPECT_EQ(Only(Load(std::string(kProvider) + "models = [\"${NOPE}\", \"m\"]")),
            "f.toml:4:11: providers[0].models: the environment variable NOPE is not set");
  EXPECT_EQ(Only(Load("[[providers]]\nname = \"a\"\nurl = \"${NOPE}\"\n")),
            "f.toml:3:7: providers[0].url: the environment variable NOPE is not set");
  EXPECT_EQ(Only(Load("[[providers]]\nname = \"${NOPE}\"\nurl = \"http://h\"\n")),
            "f.toml:2:8: providers[0].name: the environment variable NOPE is not set");
}

TEST(LoadTest, PagesThatMayCallAreOriginsAsBrowsersSendThem) {
  const LoadResult loaded =
      Load(std::string("[server]\ncors_origins = [\"https://a\", \"http://localhost:3000\", \"*\"]\n") +
           kProvider);
  ASSERT_TRUE(loaded.config) << loaded.errors.front();
  EXPECT_EQ(loaded.config->server.cors_origins,
            (std::vector<std::string>{"https://a", "http://localhost:3000", "*"}));
  EXPECT_TRUE(MistakeOf("server", "cors_origins = [\"https://a/\"]")
                  .starts_with("f.toml:2:16: server.cors_origins: \"https://a/\" is no origin"));
}

TEST(LoadTest, StreamsFailFastUnlessToldOtherwise) {
  const auto streaming = [](const std::string& line) {
    const auto loaded = Load("[retry]\n" + line + kProvider);
    return loaded.config ? loaded.config->retry.streaming : StreamingRetry::kFailFast;
  };
  EXPECT_EQ(streaming(""), StreamingRetry::kFailFast);
  EXPECT_EQ(streaming("streaming = \"before_first_token\"\n"), StreamingRetry::kBeforeFirstToken);
  EXPECT_NE(MistakeOf("retry", "streaming = \"always\"").find("\"before_first_token\""), std::string::npos);
}

TEST(LoadTest, CertificateAndKeyGoTogether) {
  EXPECT_NE(
      MistakeOf("server", "tls_key = \"k\"").find("server.tls_key: tls_certificate and tls_key go together"),
      std::string::npos);
  EXPECT_NE(
      MistakeOf("server", "tls_certificate = \"k\"").find("server.tls_certificate: tls_certificate and"),
      std::string::npos);
}

TEST(LoadTest, WhatIsWrongWithTheirFilesIsSaidAtTheKeyOfTheFile) {
  const std::string text =
      "[server]\ntls_certificate = \"cert.pem\"\ntls_key = \"key.pem\"\n" + std::string(kProvider);
  const auto load = [&](std::optional<TlsMistake> mistake) {
    return LoadConfig(text, "f.toml", [](const std::string&) { return std::nullopt; },
                      {[&](const std::string& certificate, const std::string& key) {
                         EXPECT_EQ(certificate, "cert.pem");
                         EXPECT_EQ(key, "key.pem");
                         return mistake;
                       },
                       nullptr});
  };
  EXPECT_EQ(Only(load(TlsMistake{"tls_key", "not its key"})), "f.toml:3:11: server.tls_key: not its key");
  const LoadResult good = load(std::nullopt);
  ASSERT_TRUE(good.config);
  EXPECT_EQ(good.config->server.tls_certificate, "cert.pem");
  EXPECT_EQ(good.config->server.tls_key, "key.pem");
}

TEST(LoadTest, PoliciesNeedNamesOfTheirOwn) {
  const std::string rule = "[[policies.rules]]\n";
  EXPECT_NE(
      Only(Load(kProvider + rule + "name = \"r\"\nkeywords = [\"a\", \"\"]\n")).find("part of every message"),
      std::string::npos);
  EXPECT_NE(Only(Load(kProvider + rule + "keywords = [\"a\"]\n")).find("every rule needs a name"),
            std::string::npos);
  EXPECT_NE(Only(Load(kProvider + rule + "name = \"r\"\n" + rule + "name = \"r\"\n"))
                .find("f.toml:7:8: policies.rules[1].name: there is another rule named \"r\""),
            std::string::npos);
  EXPECT_NE(Only(Load(kProvider + rule + "name = \"r\"\nstrategy = \"dearest\"\n"))
                .find("must be one of \"cheapest\", \"lowest_latency\", \"round_robin\""),
            std::string::npos);
  EXPECT_NE(
      Only(Load(kProvider + rule + "name = \"r\"\nmax_sats_per_1m_output = -1\n")).find("must be a number"),
      std::string::npos);
}

TEST(LoadTest, AModelOfAPolicyIsNoGlob) {
  EXPECT_EQ(
      Only(Load(std::string(kProvider) + "[[policies.rules]]\nname = \"r\"\nallowed_models = [\"gpt-*\"]\n")),
      "f.toml:6:18: policies.rules[0].allowed_models: \"gpt-*\": there are no globs here, give each "
      "model's own name");
}

TEST(LoadTest, ATokenThatNobodyCouldSendIsAMistake) {
  for (const char* token : {"tok\n", "a\tb", " tok", "tok ", "\x7f"}) {
    EXPECT_NE(MistakeOf("server", "auth_token = \"${T}\"", {{"T", token}}).find("nobody could send it"),
              std::string::npos);
  }
}

TEST(LoadTest, AnEmptyCaFileIsNotTheSystemsAuthorities) {
  EXPECT_NE(Only(Load(std::string(kProvider) + "tls_ca_file = \"\"")).find("must not be empty"),
            std::string::npos);
}

TEST(LoadTest, ACaFileIsLookedAtWhereItIsUsed) {
  FileChecks checks;
  checks.ca_file = [](const std::string& path) { return std::optional("cannot read " + path); };
  const auto load = [&](const std::string& url) {
    return LoadConfig(
        "[[providers]]\nname = \"a\"\nurl = \"" + url + "\"\ntls_ca_file = \"ca.pem\"\n", "f.toml",
        [](const std::string&) { return std::nullopt; }, checks);
  };
  EXPECT_EQ(Only(load("https://h/v1")), "f.toml:4:15: providers[0].tls_ca_file: cannot read ca.pem");
  EXPECT_TRUE(load("http://h/v1").config);
}

TEST(LoadTest, ATokenThatIsTheNameOfAVariableIsAMistake) {
  EXPECT_NE(MistakeOf("server", "auth_token = \"$TOKEN\"").find("needs braces, ${NAME}"), std::string::npos);
  EXPECT_NE(MistakeOf("server", "auth_token = \"${T}\"", {{"T", "  "}}).find("nobody could send it"),
            std::string::npos);
}

TEST(LoadTest, ATokenThatIsLongerThanAHeadIsAMistake) {
  const std::string lines = "max_header_bytes = 1024\nauth_token = \"" + std::string(1024, 't') + "\"";
  EXPECT_NE(MistakeOf("server", lines).find("longer than a request's head may be"), std::string::npos);
}

TEST(LoadTest, WhatStandsInAVariablesPlaceIsNotQuoted) {
  EXPECT_EQ(MistakeOf("database", "path = \"${sk-0123456789}\""),
            "f.toml:2:8: database.path: what stands in ${} is not the name of an environment variable");
}

TEST(LoadTest, AKeyOfVeryManyPartsIsAMistakeAndNoCrash) {
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i) key += ".a";
  for (const std::string& text :
       {key + " = 1", "[" + key + "]", "[[" + key + "]]", "x = { " + key + " = 1 }"}) {
    EXPECT_TRUE(
        Only(Load("# first\n" + text)).starts_with("f.toml:2:1: TOML: the line has more than 5000 dots"));
  }
}

TEST(LoadTest, AnEmptyTokenIsNotNoAuthentication) {
  EXPECT_NE(MistakeOf("server", "auth_token = \"\"").find("must not be empty"), std::string::npos);
  EXPECT_NE(MistakeOf("server", "auth_token = \"${E}\"", {{"E", ""}}).find("must not be empty"),
            std::string::npos);
}

TEST(LoadFileTest, AFileIsReadAndAMissingOneIsAMistake) {
  const std::string path = std::string(std::getenv("TEST_TMPDIR")) + "/load_test.toml";
  std::ofstream(path) << "[server]\nthreads = \"x\"\n" << kProvider;
  const auto no_variables = [](const std::string&) { return std::nullopt; };
  const LoadResult wrong = LoadConfigFile(path, no_variables);
  ASSERT_EQ(wrong.errors.size(), 1u);
  EXPECT_TRUE(wrong.errors[0].starts_with(path + ":2:11: server.threads: ")) << wrong.errors[0];
  std::ofstream(path, std::ios::trunc) << kProvider;
  EXPECT_TRUE(LoadConfigFile(path, no_variables).config);
  EXPECT_EQ(Only(LoadConfigFile(path + ".nope", no_variables)),
            path + ".nope: the file cannot be read: No such file or directory");
  const std::string directory = std::getenv("TEST_TMPDIR");
  EXPECT_EQ(Only(LoadConfigFile(directory, no_variables)),
            directory + ": the file cannot be read: Is a directory");
}

TEST(LoadTest, AMistakeIsOneLineWhateverTextOfTheFileItQuotes) {
  for (const char* text : {"[\nx]\n", "\"a\\nb\" = 1\n", "[server]\n\"thre\\u0007ds\" = 1\n"}) {
    const LoadResult result = Load(text);
    ASSERT_FALSE(result.errors.empty()) << text;
    for (const std::string& error : result.errors) {
      EXPECT_TRUE(std::ranges::none_of(error, [](unsigned char c) { return c < ' '; })) << error;
    }
  }
}

}  // namespace
}  // namespace arbstr::proxy
