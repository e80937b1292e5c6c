#include "proxy/serve.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "proxy/config/restart_keys.h"
#include "proxy/configuration_source.h"
#include "proxy/descriptor_limit.h"
#include "proxy/exit_code.h"
#include "proxy/logging.h"
#include "proxy/process_signals.h"
#include "proxy/server/gateway_server.h"
#include "proxy/service_manager.h"
#include "proxy/version.h"

namespace arbstr::proxy {
namespace {

// At whatever level the log is.
void AnnounceMocks(const Configuration& configuration) {
  if (!configuration.mocks) return;
  constexpr std::string_view kAnswersMeanNothing =
      "NO REAL PROVIDER IS CONFIGURED: answers come from built-in mock providers and mean nothing";
  spdlog::warn(kAnswersMeanNothing);
  if (!spdlog::should_log(spdlog::level::warn)) std::cerr << kAnswersMeanNothing << std::endl;
  for (const auto& provider : configuration.mocks->Urls()) {
    spdlog::warn("mock provider {} listening on {}", provider.name, provider.url);
  }
}

// False: it was not taken, and why has been said. `running`: as it was at the start, but for what reloads
// take of [server], another certificate where there is one already.
bool Adopt(Config next, Config& running, GatewayServer& server) {
  for (const auto& key : KeysThatNeedARestart(running, next)) {
    spdlog::warn("{} has changed: it takes effect at a restart", key);
  }
  if (next.server.tls_certificate.has_value() != running.server.tls_certificate.has_value()) {
    next.server = running.server;
  }
  const absl::Status status = server.Reload(next);
  if (!status.ok()) {
    spdlog::error("{}", std::string(status.message()));
    return false;
  }
  running.server.tls_certificate = next.server.tls_certificate;
  running.server.tls_key = next.server.tls_key;
  return true;
}

// Reads the file anew. Whatever is wrong with it, what runs goes on.
void Reload(CommandLine line, Configuration& running, GatewayServer& server) {
  if (!running.file || running.mocks) {
    spdlog::warn("SIGHUP is ignored: the providers are built in, not a configuration file's");
    return;
  }
  TellServiceManager(ReloadingState());
  line.config = running.file;
  const Configuration next = ReadConfiguration(line, /*start_mocks=*/false);
  for (const auto& error : next.errors) spdlog::error("{}", error);
  const bool succeeded = next.config && Adopt(*next.config, *running.config, server);
  server.SetReloadSucceeded(succeeded);
  if (!succeeded) {
    return spdlog::error("{} was not reloaded: what runs goes on", *running.file);
  }
  for (const auto& warning : next.warnings) spdlog::warn("{}", warning);
  spdlog::info("{} was reloaded: {} providers", *running.file, next.config->providers.size());
}

int Ended(std::unique_ptr<LineWriter> log, int status) {
  if (!StopLogging(std::move(log))) std::_Exit(status);
  return status;
}

// Whoever started it may have closed some of them: the first socket or file must not be taken for stderr.
void OpenStandardDescriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) == -1) (void)::open("/dev/null", O_RDWR);  // the lowest that is free
  }
}

}  // namespace

int Serve(const CommandLine& line) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit of files' sizes is met like a full disk
  OpenStandardDescriptors();
  const std::uint64_t descriptors = RaiseDescriptorLimit();
  ProcessSignals signals;
  Configuration configuration = ReadConfiguration(line, /*start_mocks=*/true);
  for (const auto& error : configuration.errors) std::cerr << error << "\n";
  if (!configuration.config) return kWrongUsage;
  auto log = StartLogging(configuration.config->logging);
  for (const auto& warning : configuration.warnings) spdlog::warn("{}", warning);
  if (auto warning = DescriptorWarning(*configuration.config, descriptors)) spdlog::warn("{}", *warning);
  AnnounceMocks(configuration);

  auto server = GatewayServer::Start(*configuration.config);
  if (!server.ok()) {
    spdlog::error("{}", std::string(server.status().message()));
    return Ended(std::move(log), kFailed);
  }
  const char* const scheme = configuration.config->server.tls_certificate ? "https" : "http";
  std::cout << "arbstr listening on " << scheme << "://" << (*server)->address() << std::endl;
  spdlog::info("arbstr {} listens on {}://{}: {} providers, from {}", kVersion, scheme, (*server)->address(),
               configuration.config->providers.size(),
               configuration.mocks ? "the built-in mocks" : *configuration.file);
  TellServiceManager("READY=1");
  while (signals.Await() == ProcessSignals::Kind::kReload) {
    Reload(line, configuration, **server);
    TellServiceManager("READY=1");
  }
  signals.EndAtOnceOnAnother(kFailed);
  TellServiceManager("STOPPING=1");
  spdlog::info("draining");
  const size_t lost = (*server)->Drain();
  if (lost > 0)
    spdlog::error("{} rows could not be written to {}", lost, configuration.config->database.path);
  server->reset();
  if (lost == 0) spdlog::info("stopped: every row is written");
  return Ended(std::move(log), lost == 0 ? 0 : kFailed);
}

}  // namespace arbstr::proxy
