#include "proxy/configuration_source.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "proxy/config/describe.h"
#include "proxy/config/load.h"

namespace arbstr::proxy {
namespace {

constexpr const char* kProvider =
    "[[providers]]\nname = \"real\"\nurl = \"http://h/v1\"\ntls_ca_file = \"ca.pem\"\n";

// The user's folder, as `bazel run` says where it is.
class ConfigurationSourceTest : public testing::Test {
 protected:
  ConfigurationSourceTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::string(std::getenv("TEST_TMPDIR")) + "/" + test->name();
    std::filesystem::create_directories(folder_);
    setenv("BUILD_WORKING_DIRECTORY", folder_.c_str(), 1);
  }
  ~ConfigurationSourceTest() override { unsetenv("BUILD_WORKING_DIRECTORY"); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
  }
  static std::string All(const Configuration& configuration) {
    std::string all;
    for (const auto& error : configuration.errors) all += error + "\n";
    return all;
  }

  std::string folder_;
  CommandLine line_;
};

TEST_F(ConfigurationSourceTest, WithoutAnyFileTheMocksAreTheProviders) {
  const Configuration configuration = ReadConfiguration(line_, /*start_mocks=*/false);
  ASSERT_TRUE(configuration.config) << All(configuration);
  ASSERT_EQ(configuration.config->providers.size(), 2u);
  EXPECT_EQ(configuration.config->providers[0].name, "mock-alpha");
  EXPECT_EQ(configuration.config->providers[1].name, "mock-beta");
  EXPECT_EQ(configuration.config->database.path, folder_ + "/arbstr.db");
  EXPECT_FALSE(configuration.mocks);
  EXPECT_TRUE(configuration.warnings.empty());
  // What `check` prints of it is a configuration.
  const auto again =
      LoadConfig(DescribeConfig(*configuration.config), "f", [](const auto&) { return std::nullopt; });
  EXPECT_TRUE(again.config) << again.errors.front();
}

TEST_F(ConfigurationSourceTest, StartedMocksAreWhereTheProvidersPoint) {
  const Configuration configuration = ReadConfiguration(line_, /*start_mocks=*/true);
  ASSERT_TRUE(configuration.config) << All(configuration);
  ASSERT_TRUE(configuration.mocks);
  const auto urls = configuration.mocks->Urls();
  ASSERT_EQ(urls.size(), 2u);
  ASSERT_EQ(configuration.config->providers.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(configuration.config->providers[i].url, *ParseProviderUrl(urls[i].url + "/v1"));
  }
}

TEST_F(ConfigurationSourceTest, AConfigTomlThatCannotBeReadIsNoReasonForMocks) {
  std::filesystem::create_symlink("config.toml", folder_ + "/config.toml");
  const Configuration configuration = ReadConfiguration(line_, /*start_mocks=*/false);
  EXPECT_FALSE(configuration.config);
  EXPECT_NE(All(configuration).find(folder_ + "/config.toml"), std::string::npos) << All(configuration);
}

TEST_F(ConfigurationSourceTest, AConfigTomlInTheUsersFolderIsFound) {
  Write("config.toml", std::string("[database]\npath = \"x/rows.db\"\n") + kProvider);
  const Configuration configuration = ReadConfiguration(line_, true);
  ASSERT_TRUE(configuration.config) << All(configuration);
  EXPECT_EQ(configuration.config->providers[0].name, "real");
  EXPECT_EQ(configuration.config->database.path, folder_ + "/x/rows.db");
  EXPECT_EQ(configuration.config->providers[0].tls_ca_file, folder_ + "/ca.pem");
  EXPECT_FALSE(configuration.mocks);
}

TEST_F(ConfigurationSourceTest, AFileThatIsNamedMustBeThere) {
  Write("config.toml", kProvider);
  line_.config = "other.toml";
  const Configuration missing = ReadConfiguration(line_, false);
  EXPECT_FALSE(missing.config);
  ASSERT_EQ(missing.errors.size(), 1u);
  EXPECT_NE(missing.errors[0].find("other.toml"), std::string::npos) << missing.errors[0];
  Write("other.toml", std::string("[server]\nport = 5\nthreads = -1\n") + kProvider);
  const Configuration wrong = ReadConfiguration(line_, false);
  EXPECT_FALSE(wrong.config);
  EXPECT_EQ(wrong.errors.size(), 2u) << All(wrong);
}

TEST_F(ConfigurationSourceTest, ListenOnTheCommandLineComesBeforeTheFiles) {
  Write("config.toml", std::string("[server]\nlisten = \"127.0.0.1:1\"\n") + kProvider);
  line_.listen = "0.0.0.0:0";
  const Configuration configuration = ReadConfiguration(line_, false);
  ASSERT_TRUE(configuration.config) << All(configuration);
  EXPECT_EQ(configuration.config->server.listen, (ListenAddress{"0.0.0.0", 0}));
  EXPECT_EQ(configuration.warnings.size(), 1u);  // open to others, without a token
  line_.listen = "nonsense";
  const Configuration wrong = ReadConfiguration(line_, false);
  EXPECT_FALSE(wrong.config);
  EXPECT_NE(All(wrong).find("--listen: must be HOST:PORT"), std::string::npos) << All(wrong);
}

TEST_F(ConfigurationSourceTest, MocksReplaceAFilesProvidersAndKeepTheRest) {
  Write("arbstr.toml", std::string("[retry]\nmax_retries = 7\n") + kProvider);
  line_.config = "arbstr.toml";
  line_.mock = true;
  const Configuration configuration = ReadConfiguration(line_, false);
  ASSERT_TRUE(configuration.config) << All(configuration);
  EXPECT_EQ(configuration.config->retry.max_retries, 7);
  EXPECT_EQ(configuration.config->providers[0].name, "mock-alpha");
  // Without --config, --mock does not look for a config.toml.
  Write("config.toml", "this is not TOML");
  line_.config.reset();
  EXPECT_TRUE(ReadConfiguration(line_, false).config);
}

TEST_F(ConfigurationSourceTest, AScenarioNamesItsProviders) {
  Write("s.json", R"({"version": 1, "providers": [{"name": "odd", "rules": []}]})");
  line_.mock = true;
  line_.scenario = "s.json";
  const Configuration configuration = ReadConfiguration(line_, true);
  ASSERT_TRUE(configuration.config) << All(configuration);
  ASSERT_EQ(configuration.config->providers.size(), 1u);
  EXPECT_EQ(configuration.config->providers[0].name, "odd");
}

TEST_F(ConfigurationSourceTest, AScenarioThatWantsAKeyOrSpeaksTlsGetsBoth) {
  Write("s.json", R"({"version": 1, "providers": [
    {"name": "open", "rules": []}, {"name": "safe", "tls": {}, "api_keys": ["sk-first", "sk-second"], "rules": []}]})");
  line_.mock = true;
  line_.scenario = "s.json";
  const Configuration configuration = ReadConfiguration(line_, true);
  ASSERT_TRUE(configuration.config) << All(configuration);
  const auto& providers = configuration.config->providers;
  ASSERT_EQ(providers.size(), 2u);
  EXPECT_EQ(providers[0].api_key, "");
  EXPECT_EQ(providers[0].tls_ca_file, "");
  EXPECT_EQ(providers[1].api_key, "sk-first");
  std::ifstream authority(providers[1].tls_ca_file);
  std::ostringstream pem;
  pem << authority.rdbuf();
  EXPECT_EQ(pem.str(), configuration.mocks->CaPem());
}

TEST_F(ConfigurationSourceTest, AScenarioIsCheckedWithoutListening) {
  Write("s.json", R"({"version": 1, "providers": [
    {"name": "odd", "rules": []}, {"name": "fixed", "listen": "127.0.0.1:4711", "rules": []},
    {"name": "safe", "tls": {}, "rules": []}]})");
  line_.mock = true;
  line_.scenario = "s.json";
  const Configuration configuration = ReadConfiguration(line_, false);
  ASSERT_TRUE(configuration.config) << All(configuration);
  EXPECT_FALSE(configuration.mocks) << "the gateway may be running that listens there";
  const auto& providers = configuration.config->providers;
  ASSERT_EQ(providers.size(), 3u);
  EXPECT_EQ(providers[0].url, *ParseProviderUrl("http://127.0.0.1/v1"));
  EXPECT_EQ(providers[1].name, "fixed");
  EXPECT_EQ(providers[1].url, *ParseProviderUrl("http://127.0.0.1:4711/v1"));
  EXPECT_EQ(providers[2].url, *ParseProviderUrl("https://127.0.0.1/v1"));
  Write("s.json", R"({"version": 1, "provders": []})");
  const Configuration wrong = ReadConfiguration(line_, false);
  EXPECT_FALSE(wrong.config);
  EXPECT_FALSE(wrong.errors.empty());
}

TEST_F(ConfigurationSourceTest, AScenarioThatIsMissingOrWrongIsAMistake) {
  line_.mock = true;
  line_.scenario = "s.json";
  const Configuration missing = ReadConfiguration(line_, true);
  EXPECT_FALSE(missing.config);
  EXPECT_NE(All(missing).find("s.json"), std::string::npos) << All(missing);
  Write("s.json", R"({"version": 1, "provders": []})");
  const Configuration wrong = ReadConfiguration(line_, true);
  EXPECT_FALSE(wrong.config);
  EXPECT_FALSE(wrong.errors.empty());
}

}  // namespace
}  // namespace arbstr::proxy
