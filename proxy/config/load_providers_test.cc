#include <gtest/gtest.h>

#include <map>
#include <string>

#include "proxy/config/load.h"

namespace arbstr::proxy {
namespace {

using Variables = std::map<std::string, std::string>;

LoadResult Load(const std::string& text, const Variables& variables = {}) {
  return LoadConfig(text, "f.toml", [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string Provider(const std::string& name, const std::string& more = "") {
  return "[[providers]]\nname = \"" + name + "\"\nurl = \"http://h/v1\"\n" + more + "\n";
}

std::string All(const LoadResult& loaded) {
  std::string all;
  for (const auto& error : loaded.errors) all += error + "\n";
  return all;
}

TEST(LoadProvidersTest, TheEnvironmentNamesAProvidersProxy) {
  const std::string text =
      "[[providers]]\nname = \"a\"\nurl = \"https://a/v1\"\n[[providers]]\nname = \"b\"\nurl = "
      "\"https://b/v1\"\n";
  const LoadResult loaded = Load(text, {{"HTTPS_PROXY", "proxy:3128"}, {"NO_PROXY", "b"}});
  ASSERT_TRUE(loaded.config) << All(loaded);
  EXPECT_EQ(loaded.config->providers[0].proxy, (OutboundProxy{"proxy", 3128, ""}));
  EXPECT_EQ(loaded.config->providers[1].proxy, std::nullopt);
  EXPECT_TRUE(All(Load(text, {{"HTTPS_PROXY", "socks5://u:p@x"}}))
                  .starts_with("f.toml:3:7: providers[0].url: the environment variable HTTPS_PROXY must be"));
}

TEST(LoadProvidersTest, AKeyThatIsLeftOutComesFromItsConventionalVariable) {
  EXPECT_EQ(Load(Provider("alpha"), {{"ARBSTR_ALPHA_API_KEY", "sk-env"}}).config->providers[0].api_key,
            "sk-env");
  EXPECT_EQ(Load(Provider("Open-Router.2_x"), {{"ARBSTR_OPEN_ROUTER_2_X_API_KEY", "sk"}})
                .config->providers[0]
                .api_key,
            "sk");
  EXPECT_EQ(Load(Provider("alpha")).config->providers[0].api_key, "");
  EXPECT_EQ(Load(Provider("alpha", "api_key = \"sk-file\""), {{"ARBSTR_ALPHA_API_KEY", "sk-env"}})
                .config->providers[0]
                .api_key,
            "sk-file");
  EXPECT_EQ(Load(Provider("alpha", "api_key = \"\""), {{"ARBSTR_ALPHA_API_KEY", "sk-env"}})
                .config->providers[0]
                .api_key,
            "");
}

TEST(LoadProvidersTest, TwoProvidersWithOneVariableAreAMistake) {
  const LoadResult loaded = Load(Provider("a-b") + Provider("c") + Provider("A.B"));
  ASSERT_EQ(loaded.errors.size(), 1u) << All(loaded);
  EXPECT_EQ(
      loaded.errors[0],
      "f.toml:10:8: providers[2].name: its key variable ARBSTR_A_B_API_KEY is also that of provider \"a-b\"");
}

TEST(LoadProvidersTest, TwoProvidersOfOneNameAreAMistake) {
  const LoadResult loaded = Load(Provider("a") + Provider("a"));
  ASSERT_EQ(loaded.errors.size(), 1u) << All(loaded);
  EXPECT_EQ(loaded.errors[0], "f.toml:6:8: providers[1].name: there is another provider named \"a\"");
}

TEST(LoadProvidersTest, ANameIsNeededAndIsPlain) {
  for (const char* name : {"", "a b", "a/b", "a,b", "ä", "a\\n", "${X}"}) {
    EXPECT_EQ(Load(Provider(name), {{"X", "a:b"}}).errors.size(), 1u) << name;
  }
  EXPECT_TRUE(Load(Provider(std::string(64, 'a'))).config);
  EXPECT_EQ(Load(Provider(std::string(65, 'a'))).errors.size(), 1u);
  const LoadResult nameless = Load("[[providers]]\nurl = \"http://h\"\n[[providers]]\nurl = \"http://h\"\n");
  EXPECT_EQ(nameless.errors.size(), 2u) << All(nameless);
}

TEST(LoadProvidersTest, AUrlIsNeededAndChecked) {
  EXPECT_NE(All(Load("[[providers]]\nname = \"a\"\n"))
                .find("f.toml:1:1: providers[0].url: every provider needs a url"),
            std::string::npos);
  for (const char* url : {"\"\"", "\"h/v1\"", "\"https://u:p@h/\"", "5"}) {
    EXPECT_EQ(Load(std::string("[[providers]]\nname = \"a\"\nurl = ") + url + "\n").errors.size(), 1u) << url;
  }
}

TEST(LoadProvidersTest, HeadersKeepTheFilesOrder) {
  const LoadResult loaded =
      Load(Provider("a", "[providers.headers]\nX-Z = \"1\"\nHTTP-Referer = \"${R}\"\nX-A = \"\""),
           {{"R", "https://me"}});
  ASSERT_TRUE(loaded.config) << All(loaded);
  EXPECT_EQ(loaded.config->providers[0].headers,
            (std::vector<std::pair<std::string, std::string>>{
                {"X-Z", "1"}, {"HTTP-Referer", "https://me"}, {"X-A", ""}}));
}

TEST(LoadProvidersTest, NoHeaderCanForgeAnotherOrTheMessagesEnd) {
  for (const char* header : {"\"X\" = \"a\\r\\nB: c\"",
                             "\"X\" = \"a\\u0000\"",
                             "\"X\" = \"\\u007f\"",
                             "\"X Y\" = \"a\"",
                             "\"X:\" = \"a\"",
                             "\"\" = \"a\"",
                             "\"X\\n\" = \"a\"",
                             "\"é\" = \"a\"",
                             "X = 5",
                             "X = \"${EVIL}\"",
                             "Host = \"h\"",
                             "content-length = \"0\"",
                             "Transfer-Encoding = \"chunked\"",
                             "Connection = \"close\"",
                             "TE = \"trailers\"",
                             "Idempotency-Key = \"k\"",
                             "Accept-Encoding = \"gzip\"",
                             "Content-Type = \"text/plain\"",
                             "expect = \"x\"",
                             "Upgrade = \"h2c\"",
                             "trailer = \"x\"",
                             "keep-alive = \"x\"",
                             "Proxy-Connection = \"x\"",
                             "X-A = \"1\", x-a = \"2\""}) {
    const LoadResult loaded =
        Load(Provider("a", std::string("headers = { ") + header + " }"), {{"EVIL", "v\nX-Forged: 1"}});
    EXPECT_EQ(loaded.errors.size(), 1u) << header << "\n" << All(loaded);
  }
}

TEST(LoadProvidersTest, AKeyWithALineEndIsRefused) {
  EXPECT_EQ(Load(Provider("a", "api_key = \"${K}\""), {{"K", "sk-1\n"}}).errors.size(), 1u);
  EXPECT_EQ(Load(Provider("a"), {{"ARBSTR_A_API_KEY", "sk-1\r"}}).errors.size(), 1u);
}

TEST(LoadProvidersTest, AKeyThatASecretShouldHaveFilledIsAMistakeThatNamesIt) {
  const std::string at = "f.toml:4:11: providers[0].api_key: ";
  EXPECT_EQ(All(Load(Provider("a", "api_key = \"${K}\""), {{"K", ""}})),
            at + "the environment variable K is empty: set it, or leave api_key out where none is needed\n");
  EXPECT_EQ(All(Load(Provider("a", "api_key = \"${K}\""), {{"K", "  "}})),
            at + "the environment variable K has nothing but spaces\n");
  EXPECT_EQ(All(Load(Provider("a", "api_key = \"${K}\""), {{"K", "sk-1\n"}})),
            at + "the environment variable K has a control character, such as a line end\n");
  EXPECT_EQ(All(Load(Provider("a", "api_key = \"${K}\""))), at + "the environment variable K is not set\n");
  EXPECT_EQ(All(Load(Provider("a", "api_key = \"  \""))), at + "has nothing but spaces\n");
  EXPECT_TRUE(All(Load(Provider("a", "api_key = \"$OPENAI_API_KEY\"")))
                  .starts_with(at + "a variable's name needs braces, ${NAME}"));
  EXPECT_EQ(Load(Provider("a", "api_key = \"${K}\""), {{"K", "$OWN"}}).config->providers[0].api_key, "$OWN");
  EXPECT_EQ(Load(Provider("a", "api_key = \"$5-$x\"")).config->providers[0].api_key, "$5-$x");
  EXPECT_EQ(Load(Provider("a", "api_key = \"$5x\"")).config->providers[0].api_key, "$5x") << "no name";
}

TEST(LoadProvidersTest, AConventionalVariableIsNamedWhereItIsWrong) {
  const std::string at = "f.toml:2:8: providers[0].name: the environment variable ARBSTR_A_API_KEY ";
  EXPECT_EQ(All(Load(Provider("a"), {{"ARBSTR_A_API_KEY", "sk-1\n"}})),
            at + "has a control character, such as a line end\n");
  EXPECT_EQ(All(Load(Provider("a"), {{"ARBSTR_A_API_KEY", " "}})), at + "has nothing but spaces\n");
  EXPECT_EQ(Load(Provider("a"), {{"ARBSTR_A_API_KEY", ""}}).config->providers[0].api_key, "");
}

TEST(LoadProvidersTest, ModelsAreNoGlobs) {
  const std::string what = "\"gpt-*\": there are no globs here, give each model's own name\n";
  EXPECT_EQ(All(Load(Provider("a", "models = [\"m\", \"gpt-*\"]"))),
            "f.toml:4:10: providers[0].models: " + what);
  EXPECT_EQ(All(Load(Provider("a", "model_names = { \"gpt-*\" = \"x\" }"))),
            "f.toml:4:15: providers[0].model_names: " + what);
}

TEST(LoadProvidersTest, NoProviderIsCalledNone) {
  EXPECT_NE(
      All(Load(Provider("none"))).find("f.toml:2:8: providers[0].name: \"none\" stands for no provider"),
      std::string::npos);
  EXPECT_TRUE(Load(Provider("nonesuch")).config);
}

TEST(LoadProvidersTest, ModelNamesAreNonEmptyStrings) {
  for (const char* line :
       {"models = [\"\"]", "model_names = { m = \"\" }", "model_names = { m = 5 }", "model_names = [\"m\"]",
        "model_names = { m = \"${E}\" }", "models = [\"${E}\"]"}) {
    EXPECT_EQ(Load(Provider("a", line), {{"E", ""}}).errors.size(), 1u) << line;
  }
}

// Secrets in every place that a file can hold one, each place wrong in some way.
TEST(LoadProvidersTest, NoMistakeQuotesASecret) {
  const Variables variables = {{"S", "s3cr3t\n"}, {"U", "http://s3cr3t@h"}, {"P", "ftp://h/s3cr3t"}};
  for (const std::string& text : {
           Provider("a", "api_key = \"${S}\""),
           Provider("a", "api_key = [\"s3cr3t\"]"),
           Provider("a", "auth = \"s3cr3t\""),
           Provider("a", "headers = { Authorization = \"${S}\" }"),
           Provider("a", "headers = { Authorization = [\"s3cr3t\"] }"),
           Provider("a", "headers = \"s3cr3t\""),
           Provider("a", "tls_ca_file = 5\napi_key = \"s3cr3t\"\nunknown = \"s3cr3t\""),
           std::string("[[providers]]\nname = \"a\"\nurl = \"${U}\"\n"),
           std::string("[[providers]]\nname = \"a\"\nurl = \"${P}\"\n"),
           std::string("[[providers]]\nname = \"a\"\nurl = \"https://h/v1?key=s3cr3t#x\"\n"),
           "[server]\nauth_token = \"s3cr3t\"\nauth_tokn = \"s3cr3t\"\n" + Provider("a"),
           "[server]\nlisten = \"s3cr3t\"\n" + Provider("a"),
           // A forgotten or a wrong quote: what TOML's parser says of it.
           Provider("a", "api_key = s3cr3t"),
           Provider("a", "api_key = ts3cr3t"),
           Provider("a", "api_key = fs3cr3t"),
           Provider("a", "api_key = is3cr3t"),
           Provider("a", "api_key = 5s3cr3t"),
           Provider("a", "api_key = 0xs3cr3t"),
           Provider("a", "api_key = 2026-s3cr3t"),
           Provider("a", "api_key = \"s3cr3t"),
           Provider("a", "api_key = \"s3cr3t\" s3cr3t"),
           Provider("a", "api_key = \"\\s3cr3t\""),
           Provider("a", "api_key = ${s3cr3t}"),
           Provider("a", "api_key s3cr3t"),
           Provider("a", "api_key = trues3cr3t"),
           Provider("a", "api_key = nan_s3cr3t"),
       }) {
    const LoadResult loaded = Load(text, variables);
    EXPECT_FALSE(loaded.config) << text;
    EXPECT_EQ(All(loaded).find("3cr3t"), std::string::npos) << text << "\n" << All(loaded);
  }
  // Digits alone, as some tokens are.
  for (const char* value :
       {"99999999999999999999", "0099999999", "0x9999999999999999999", "9999-99-99", "9999999e999999"}) {
    const LoadResult loaded = Load(Provider("a", std::string("api_key = ") + value));
    EXPECT_FALSE(loaded.config);
    EXPECT_EQ(All(loaded).find("9999"), std::string::npos) << All(loaded);
  }
}

}  // namespace
}  // namespace arbstr::proxy
