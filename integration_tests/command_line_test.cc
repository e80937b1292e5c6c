// The program as people start it: what it says, where, and with which exit status.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

class CommandLineTest : public GatewayTest {
 protected:
  struct Ended {
    int status;
    std::string out, err;
  };
  ChildProcess::Options Options(const std::string& program, std::vector<std::string> arguments) {
    return {.program = ProgramPath(program), .arguments = std::move(arguments), .directory = directory()};
  }
  Ended Run(std::vector<std::string> arguments, const std::string& program = "proxy/arbstr") {
    std::filesystem::remove(directory() + "/stderr");
    ChildProcess child(Options(program, std::move(arguments)));
    const std::string out = child.ReadRest();
    const int status = child.WaitForExit().value_or(-1);
    return {status, out, child.StderrText()};
  }
  void Write(const std::string& file, const std::string& text) {
    std::ofstream(directory() + "/" + file) << text;
  }
  std::string ReadFile(const std::string& file) {
    std::ifstream stream(directory() + "/" + file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
};

constexpr const char* kConfig = R"([[providers]]
name = "alpha"
url = "https://api.example.com/v1?token=querysecret"
api_key = "sk-secret-0123456789"
models = ["gpt-4o"]
input_rate = 10000
)";

TEST_F(CommandLineTest, CheckPrintsWhatAConfigurationResolvesToWithKeysMasked) {
  Write("good.toml", kConfig);
  const Ended ended = Run({"check", "-c", "good.toml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("deadline_ms = 30000"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("sk-se…"), std::string::npos);
  EXPECT_EQ((ended.out + ended.err).find("sk-secret-0123456789"), std::string::npos);
  EXPECT_EQ((ended.out + ended.err).find("querysecret"), std::string::npos);
}

TEST_F(CommandLineTest, ProvidersPrintsTheRoutingTable) {
  Write("good.toml", kConfig);
  const Ended ended = Run({"providers", "--config", "good.toml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("alpha"), std::string::npos);
  EXPECT_NE(ended.out.find("gpt-4o"), std::string::npos);
}

TEST_F(CommandLineTest, EveryMistakeIsALineWithFileLineAndKeyAndTheExitStatusIs2) {
  Write("bad.toml",
        "[retry]\nmax_retrys = 3\njitter = 7\n[[providers]]\nname = \"a\"\nurl = \"${UNSET_VARIABLE}\"\n");
  for (const char* command : {"check", "serve", "providers"}) {
    const Ended ended = Run({command, "-c", "bad.toml"});
    EXPECT_EQ(ended.status, 2);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err.find("bad.toml:2:"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("max_retries"), std::string::npos) << "the nearest known key";
    EXPECT_NE(ended.err.find("bad.toml:3:"), std::string::npos);
    EXPECT_NE(ended.err.find("UNSET_VARIABLE"), std::string::npos);
  }
  EXPECT_EQ(Run({"serve", "-c", "missing.toml"}).status, 2);
}

// What the first socket or file gets would else be taken for the log's descriptor.
TEST_F(CommandLineTest, DescriptorsThatWereClosedAreOpenedToNowhere) {
  Write("good.toml", std::string("[server]\nlisten = \"127.0.0.1:0\"\n") + kConfig);
  ChildProcess child(
      {.program = "/bin/sh",
       .arguments = {"-c", "exec \"$0\" serve -c good.toml <&- 2>&-", ProgramPath("proxy/arbstr")},
       .directory = directory()});
  ASSERT_TRUE(child.ReadLine());
  for (const char* descriptor : {"0", "2"}) {
    const auto link = "/proc/" + std::to_string(child.pid()) + "/fd/" + descriptor;
    EXPECT_EQ(std::filesystem::read_symlink(link), "/dev/null");
  }
  child.Signal(SIGTERM);
  EXPECT_EQ(child.WaitForExit(), 0);
}

TEST_F(CommandLineTest, ACertificateThatCannotBeUsedIsAMistakeWithFileLineAndKey) {
  UseTls();
  const std::string certificate = "[server]\ntls_certificate = \"cert.pem\"\n";
  Write("good.toml", certificate + "tls_key = \"key.pem\"\n" + kConfig);
  EXPECT_EQ(Run({"check", "-c", "good.toml"}).status, 0);
  Write("missing.toml", certificate + "tls_key = \"missing.pem\"\n" + kConfig);
  Write("other.pem", ReadFile("key.pem"));
  WriteNewIdentity();
  Write("other.toml", certificate + "tls_key = \"other.pem\"\n" + kConfig);
  for (const std::string file : {"missing", "other"}) {
    for (const char* command : {"check", "serve"}) {
      const Ended ended = Run({command, "-c", file + ".toml"});
      EXPECT_EQ(ended.status, 2);
      EXPECT_EQ(ended.out, "");
      EXPECT_NE(ended.err.find(file + ".toml:3:11: server.tls_key: "), std::string::npos) << ended.err;
      EXPECT_NE(ended.err.find(file + ".pem: "), std::string::npos) << ended.err;
    }
  }
}

TEST_F(CommandLineTest, ACaFileThatCannotBeReadIsAMistakeWithFileLineAndKey) {
  Write("config.toml", std::string(kConfig) + "tls_ca_file = \"ca.pem\"\n");
  Write("empty.toml", std::string(kConfig) + "tls_ca_file = \"empty.pem\"\n");
  Write("empty.pem", "");
  for (const char* command : {"check", "serve"}) {
    const Ended missing = Run({command, "-c", "config.toml"});
    EXPECT_EQ(missing.status, 2);
    EXPECT_EQ(missing.out, "");
    EXPECT_NE(missing.err.find("config.toml:7:15: providers[0].tls_ca_file: cannot read"), std::string::npos)
        << missing.err;
    EXPECT_EQ(Run({command, "-c", "empty.toml"}).status, 2);
  }
}

TEST_F(CommandLineTest, ADatabaseThatCannotBeOpenedIsAnErrorAtStart) {
  Write("config.toml",
        std::string("[server]\nlisten = \"127.0.0.1:0\"\n[database]\npath = \"/nonexistent/x.db\"\n") +
            kConfig);
  const Ended ended = Run({"serve", "-c", "config.toml"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("/nonexistent/x.db"), std::string::npos) << ended.err;
}

TEST_F(CommandLineTest, WithoutDescriptorsForItsLoopsItSaysSoAndEnds) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer needs descriptors of its own to look at an object's type";
#endif
  Write("config.toml", std::string("[server]\nlisten = \"127.0.0.1:0\"\nthreads = 64\n") + kConfig);
  for (const int descriptors : {30, 34, 38, 39, 40, 41, 42, 46}) {
    SCOPED_TRACE(descriptors);
    std::filesystem::remove(directory() + "/stderr");
    const std::string gateway = "ulimit -n " + std::to_string(descriptors) + "; exec " +
                                ProgramPath("proxy/arbstr") + " serve -c config.toml";
    ChildProcess child({.program = "/bin/sh", .arguments = {"-c", gateway}, .directory = directory()});
    EXPECT_EQ(child.WaitForExit(), 1);
    EXPECT_NE(child.StderrText().find("Too many open files"), std::string::npos) << child.StderrText();
  }
}

TEST_F(CommandLineTest, AnAddressInUseIsAnErrorAtStart) {
  Start(R"({})");
  Write("again.toml", "[server]\nlisten = \"127.0.0.1:" + std::to_string(port()) + "\"\n" + kConfig);
  const Ended ended = Run({"serve", "-c", "again.toml"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find(std::to_string(port())), std::string::npos) << ended.err;
}

TEST_F(CommandLineTest, HelpAndVersionSayWhatPeopleExpect) {
  EXPECT_EQ(Run({"--version"}).out.rfind("arbstr ", 0), 0u);
  EXPECT_NE(Run({"--help"}).out.find("--listen"), std::string::npos);
  EXPECT_EQ(Run({"--help"}).status, 0);
  EXPECT_EQ(Run({}).status, 2) << "arbstr alone names no command";
  EXPECT_EQ(Run({"--nonsense"}).status, 2);
  EXPECT_EQ(Run({"serve", "--scenario", "x.json"}).status, 2);
}

TEST_F(CommandLineTest, WithoutAConfigurationServeStartsTwoMocksAndSaysSoLoudly) {
  ChildProcess child(Options("proxy/serve", {"--listen", "127.0.0.1:0"}));
  const auto line = child.ReadLine();
  ASSERT_TRUE(line) << child.StderrText();
  const std::string prefix = "arbstr listening on http://127.0.0.1:";
  ASSERT_EQ(line->rfind(prefix, 0), 0u) << *line;
  const auto port = static_cast<std::uint16_t>(std::stoi(line->substr(prefix.size())));
  const Response response = Ask(port, ChatRequest(ChatBody("any-model")));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-provider"), "mock-alpha");
  EXPECT_EQ(WaitForRows(directory() + "/arbstr.db", 1).size(), 1u) << "in the caller's directory";
  child.Signal(SIGTERM);
  EXPECT_EQ(child.WaitForExit(), 0);
  EXPECT_NE(child.StderrText().find("mock-alpha"), std::string::npos);
  EXPECT_NE(child.StderrText().find("mock-beta"), std::string::npos);
}

TEST_F(CommandLineTest, MockFollowsAScenario) {
  Write("scenario.json", R"({"providers":[{"name":"flaky","rules":[{"script":[{"error":418}]}]}]})");
  ChildProcess child(Options("proxy/serve", {"-l", "127.0.0.1:0", "--mock", "--scenario", "scenario.json"}));
  const auto line = child.ReadLine();
  ASSERT_TRUE(line) << child.StderrText();
  const auto port = PortIn(*line);
  const Response response = Ask(port, ChatRequest(ChatBody()));
  EXPECT_EQ(response.status, 418);
  EXPECT_EQ(response.Header("x-arbstr-provider"), "flaky");
  child.Signal(SIGTERM);
  EXPECT_EQ(child.WaitForExit(), 0);
}

TEST_F(CommandLineTest, AMockThatWantsAKeyAndSpeaksTlsIsServedAndALogOfErrorsAloneSaysThatItIsOne) {
  Write("scenario.json", R"({"providers":[{"name":"safe","tls":{},"api_keys":["sk-mine"],"rules":[]}]})");
  Write("quiet.toml", std::string("[logging]\nlevel = \"error\"\n") + kConfig);
  ChildProcess child(Options(
      "proxy/serve", {"-l", "127.0.0.1:0", "-c", "quiet.toml", "--mock", "--scenario", "scenario.json"}));
  const auto line = child.ReadLine();
  ASSERT_TRUE(line) << child.StderrText();
  const Response response = Ask(PortIn(*line), ChatRequest(ChatBody()));
  EXPECT_EQ(response.status, 200) << response.body;
  child.Signal(SIGTERM);
  EXPECT_EQ(child.WaitForExit(), 0);
  EXPECT_NE(child.StderrText().find("NO REAL PROVIDER IS CONFIGURED"), std::string::npos);
}

TEST_F(CommandLineTest, RelativePathsAreFromWhereTheUserIs) {
  std::filesystem::create_directory(directory() + "/user");
  Write("user/mine.toml", std::string("[database]\npath = \"mine.db\"\n") + kConfig);
  ChildProcess::Options options = Options("proxy/serve", {"-c", "mine.toml", "-l", "127.0.0.1:0"});
  options.environment = {{"BUILD_WORKING_DIRECTORY", directory() + "/user"}};
  ChildProcess child(std::move(options));
  ASSERT_TRUE(child.ReadLine()) << child.StderrText();
  EXPECT_TRUE(std::filesystem::exists(directory() + "/user/mine.db"));
}

}  // namespace
}  // namespace integration_tests
