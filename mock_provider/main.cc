// mock_provider [--scenario FILE] [--listen HOST:PORT] [--admin HOST:PORT] [--seed N] [--check] [--quiet]
//   [--ca-out FILE] [--record FILE]
// mock_provider --freeze JOURNAL
// stdout has a line a listener, or the frozen scenario; stderr a line a request where it is a terminal, and a
// summary at the end.
// Exit status: 0 after SIGTERM, SIGINT or SIGHUP, 1 when a port cannot be had or a record is not complete, 2
// for a mistake in the scenario or the command line.
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include "mock_provider/http/listen_address.h"
#include "mock_provider/live_view.h"
#include "mock_provider/main_options.h"
#include "mock_provider/mock_provider.h"
#include "mock_provider/record_file.h"
#include "mock_provider/request_line.h"
#include "mock_provider/user_file.h"

namespace mock_provider {
namespace {

constexpr int kCannotListen = 1;
constexpr int kIncomplete = 1;
constexpr int kMistake = 2;

int Complain(const absl::Status& status, int exit_status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return exit_status;
}

// Whether whoever started the program wants it to outlive its terminal, as nohup does.
bool OutlivesItsTerminal() {
  struct sigaction hangup {};
  return ::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler == SIG_IGN;
}

// Blocks what ends the mock in this thread and those it starts, so that only sigwait gets it. Whoever reads
// stdout or stderr may stop: that ends nothing.
sigset_t BlockSignals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (!OutlivesItsTerminal()) sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Each connection is a file: as many as the system lets us have.
void RaiseFileLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// One thread does the work. Left to itself, glibc gives it a heap of its own that grows a page or so at a
// time, with a system call each.
void GrowHeapInLargeSteps() {
  constexpr int kStepBytes = 1 << 20;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TOP_PAD, kStepBytes);
}

int Serve(const Scenario& scenario, const MainOptions& options) {
  const sigset_t signals = BlockSignals();
  RaiseFileLimit();
  GrowHeapInLargeSteps();
  std::unique_ptr<LiveView> view;
  if (!options.quiet && ::isatty(STDERR_FILENO)) view = std::make_unique<LiveView>(stderr);
  auto mock = MockProvider::Start(
      scenario, {.admin_listen = options.admin, .observer = view.get(), .frozen = options.frozen});
  if (!mock.ok())
    return Complain(mock.status(), absl::IsInvalidArgument(mock.status()) ? kMistake : kCannotListen);
  if (!options.record.empty()) {  // now, rather than when everything has been recorded
    const absl::Status writable = WriteRecord(options.record, {}, 0);
    if (!writable.ok()) return Complain(writable, kMistake);
  }
  if (!options.ca_out.empty()) {
    const absl::Status written = WriteUserFile(options.ca_out, (*mock)->CaPem());
    if (!written.ok()) return Complain(written, kMistake);
  }
  for (const auto& [name, url] : (*mock)->Urls()) {
    std::printf("mock provider %s listening on %s\n", name.c_str(), url.c_str());
  }
  std::fflush(stdout);
  // Who has read the last line may freeze the clock at once: it must not be set going after that.
  if (!options.frozen) (*mock)->RestartClock();
  std::printf("mock admin listening on %s\n", (*mock)->AdminUrl().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  // The next one ends the mock at once, should nobody read what it says at its end.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  int exit_status = 0;
  std::string summary;
  if (!options.quiet) summary = Summary((*mock)->Journal(), (*mock)->JournalTotal(), (*mock)->ClockMs());
  if (!options.record.empty()) {
    // An answer that is still being relayed is recorded as far as it has come.
    const absl::Status ended = (*mock)->Stop();
    const absl::Status kept = WriteRecord(options.record, (*mock)->Journal(), (*mock)->JournalTotal());
    if (!kept.ok()) return Complain(kept, kMistake);
    if (!ended.ok()) exit_status = Complain(ended, kIncomplete);
  }
  if (options.quiet) return exit_status;
  // The mock goes first: what its end does to open requests belongs above the summary.
  mock->reset();
  view.reset();
  std::fputs(summary.c_str(), stderr);
  return exit_status;
}

int PrintFrozen(const std::string& journal) {
  const auto scenario = FreezeFile(journal);
  if (!scenario.ok()) return Complain(scenario.status(), kMistake);
  std::printf("%s\n", scenario->c_str());
  return 0;
}

int Main(int argc, char** argv) {
  MainOptions options;
  std::string seed;
  CLI::App app("A provider of the OpenAI chat API that fails on command.");
  app.add_option("--scenario", options.scenario, "the scenario file; none: a healthy provider");
  app.add_option("--listen", options.listen, "HOST:PORT of the scenario's only provider");
  app.add_option("--admin", options.admin, "HOST:PORT of the admin API")->capture_default_str();
  app.add_option("--seed", seed, "replaces the scenario's seed");
  app.add_flag("--frozen", options.frozen, "the scenario's clock stands at 0 until the admin API moves it");
  app.add_flag("--check", options.check, "validates the scenario and exits");
  app.add_option("--record", options.record,
                 "keeps the journal, answers of an upstream included, in this file at the end");
  app.add_option("--ca-out", options.ca_out,
                 "writes the certificate to trust for providers with tls, PEM, to this file");
  const auto others =
      app.get_options([](const CLI::Option* option) { return option->get_name() != "--help"; });
  // Behind the list of the others: beside --freeze it changes nothing, and is no mistake.
  app.add_flag("--quiet", options.quiet, "no line a request, no summary");
  CLI::Option* freeze = app.add_option(
      "--freeze", options.freeze, "prints a scenario that plays this journal back without chance, and exits");
  for (CLI::Option* other : others) freeze->excludes(other);
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() > 0)
      option->check([](const std::string& text) { return text.empty() ? "must not be empty" : ""; });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kMistake;
  }
  if (!options.freeze.empty()) return PrintFrozen(options.freeze);
  if (!seed.empty()) {
    const auto number = ParseSeed(seed);
    if (!number.ok()) return Complain(number.status(), kMistake);
    options.seed = *number;
  }
  const auto scenario = LoadScenario(options);
  if (!scenario.ok()) return Complain(scenario.status(), kMistake);
  if (const auto admin = ParseListenAddress(options.admin); !admin.ok()) {
    return Complain(absl::InvalidArgumentError("--admin: " + std::string(admin.status().message())),
                    kMistake);
  }
  return options.check ? 0 : Serve(*scenario, options);
}

}  // namespace
}  // namespace mock_provider

int main(int argc, char** argv) {
  try {
    return mock_provider::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
