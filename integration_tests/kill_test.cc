// kill -9 under load, again and again on one database: it opens, it is whole, and it has the rows that its
// durability promises.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

constexpr int kRounds = 50;
constexpr int kClients = 4;
constexpr int kMostAnswers = 60;

struct Part {
  const char* durability;
  int number;
};

class KillTest : public GatewayTest, public ::testing::WithParamInterface<Part> {
 protected:
  using Clock = std::chrono::steady_clock;
  // An answer that a client saw finished, and when it had.
  struct Answer {
    std::string id;
    Clock::time_point at;
  };
  // A client's answers of one round, in order, and when the gateway was killed.
  struct Run {
    std::vector<Answer> answers;
    Clock::time_point killed;
  };

  void WriteConfig() {
    std::ofstream(directory() + "/kill.toml")
        << ServerToml("threads = 2\n") << "durability = \"" << GetParam().durability
        << "\"\n[logging]\nlevel = \"error\"\n"
        << "[[providers]]\nname = \"mock\"\nurl = \"" << mocks().Url("mock") << "/v1\"\n";
  }
  std::unique_ptr<ChildProcess> StartProgram() {
    return std::make_unique<ChildProcess>(
        ChildProcess::Options{.program = ProgramPath("proxy/arbstr"),
                              .arguments = {"serve", "--config", directory() + "/kill.toml"},
                              .directory = directory()});
  }
  // Asks until the gateway is gone.
  static void Ask(std::uint16_t port, bool stream, std::atomic<int>& answered, Run& run) {
    HttpClient client(port);
    const std::string request = ChatRequest(ChatBody("gpt-4o", stream ? ",\"stream\":true" : ""));
    while (client.Send(request)) {
      const Response response = client.ReadResponse();
      if (response.status != 200 || !response.complete) return;
      run.answers.push_back({response.Header("x-arbstr-request-id"), Clock::now()});
      ++answered;
    }
  }
  // Kills it behind the answer of that number, wherever its other work is then.
  std::vector<Run> LoadAndKill(ChildProcess& program, std::uint16_t port, int answers) {
    std::atomic<int> answered{0};
    std::vector<Run> seen(kClients);
    std::vector<std::thread> clients;
    for (std::size_t c = 0; c < kClients; ++c) {
      clients.emplace_back([&, c] { Ask(port, c % 2 == 1, answered, seen[c]); });
    }
    const auto until = Clock::now() + kPatience;
    while (answered < answers && Clock::now() < until) std::this_thread::yield();
    EXPECT_GE(answered, answers);
    const auto killed = Clock::now();
    program.Signal(SIGKILL);
    for (auto& run : seen) run.killed = killed;
    for (auto& client : clients) client.join();
    return seen;
  }
};

INSTANTIATE_TEST_SUITE_P(Parts, KillTest,
                         ::testing::Values(Part{"before_response", 1}, Part{"before_response", 2},
                                           Part{"group", 1}, Part{"group", 2}),
                         [](const auto& part) {
                           return std::string(part.param.durability) + std::to_string(part.param.number);
                         });

TEST_P(KillTest, TheDatabaseIsWholeAndHasWhatWasPromised) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  StartMocks(R"({})");
  WriteConfig();
  std::vector<Run> runs;
  for (int round = 0; round < kRounds; ++round) {
    const auto program = StartProgram();
    if (random() % 10 == 0) {  // while it opens the database
      program->Signal(SIGKILL);
    } else {
      const auto line = program->ReadLine();
      ASSERT_TRUE(line) << "it did not start again in round " << round << ": " << program->StderrText();
      const auto port = PortIn(*line);
      const int answers = static_cast<int>(random() % kMostAnswers);
      for (auto& run : LoadAndKill(*program, port, answers)) runs.push_back(std::move(run));
    }
    ASSERT_EQ(program->WaitForExit(), 128 + SIGKILL);
    ASSERT_EQ(IntegrityOf(database()), "ok") << "in round " << round;
  }

  std::set<std::string> rows;
  for (const Row& row : ReadRows(database())) rows.insert(row.correlation_id);
  std::size_t seen = 0, lost = 0;
  Clock::duration oldest{0};
  for (const Run& run : runs) {
    const auto has_row = [&](const Answer& answer) { return rows.contains(answer.id); };
    const auto first_lost = std::ranges::find_if_not(run.answers, has_row);
    EXPECT_TRUE(std::none_of(first_lost, run.answers.end(), has_row)) << "only the last rows may be lost";
    seen += run.answers.size();
    lost += static_cast<std::size_t>(run.answers.end() - first_lost);
    if (first_lost != run.answers.end()) oldest = std::max(oldest, run.killed - first_lost->at);
  }
  RecordProperty("answers", static_cast<int>(seen));
  RecordProperty("lost", static_cast<int>(lost));
  // Said, and not judged: it is the machine's time as much as the gateway's.
  const auto oldest_ms = std::chrono::duration_cast<std::chrono::milliseconds>(oldest).count();
  RecordProperty("oldest_lost_ms", static_cast<int>(oldest_ms));
  EXPECT_GT(seen, static_cast<std::size_t>(kRounds));
  if (GetParam().durability == std::string("before_response")) {
    EXPECT_EQ(lost, 0u);
  } else {
    EXPECT_LT(lost, seen);
  }
  EXPECT_LE(rows.size(), seen + std::size_t{kRounds} * kClients) << "no row without a request";
}

}  // namespace
}  // namespace integration_tests
