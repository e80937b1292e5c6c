#include "proxy/configuration_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "mock_provider/scenario_file/scenario_parser.h"
#include "proxy/config/built_in.h"
#include "proxy/config/exposure.h"
#include "proxy/config/load.h"
#include "proxy/net/server_tls.h"
#include "proxy/upstream/upstream.h"

namespace arbstr::proxy {
namespace {

constexpr const char* kHealthyMocks =
    R"({"version": 1, "providers": [{"name": "mock-alpha", "rules": []}, {"name": "mock-beta", "rules": []}]})";

std::optional<std::string> FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<TlsMistake> CheckTls(const std::string& certificate, const std::string& key) {
  const ServerTls tls = MakeServerTls(UserPath(certificate), UserPath(key));
  if (tls.context) return std::nullopt;
  return TlsMistake{tls.at == ServerTls::File::kKey ? "tls_key" : "tls_certificate", tls.mistake};
}

std::optional<std::string> CheckCaFile(const std::string& path) {
  const auto context = MakeProviderTls(UserPath(path));
  if (context.ok()) return std::nullopt;
  return std::string(context.status().message());
}

std::optional<std::string> ConfigFile(const CommandLine& line) {
  if (line.config) return UserPath(*line.config);
  const std::string default_file = UserPath("config.toml");
  std::error_code error;  // one that cannot be looked at is there, and reading it says why it fails
  const bool there =
      std::filesystem::status(default_file, error).type() != std::filesystem::file_type::not_found;
  if (!line.mock && there) return default_file;
  return std::nullopt;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

absl::StatusOr<mock_provider::Scenario> ReadScenario(const std::optional<std::string>& path) {
  if (!path) return mock_provider::ParseScenario(kHealthyMocks);
  std::ifstream file(UserPath(*path));
  file.peek();  // a folder can be opened, and fails here
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) return absl::NotFoundError(fmt::format("{}: the scenario cannot be read", *path));
  return mock_provider::ParseScenario(text.str());
}

// What the gateway sends it; empty: nothing.
std::string KeyFor(const mock_provider::Provider& provider) {
  return provider.api_keys.empty() ? "" : provider.api_keys.front();
}

// Of mocks that do not run: without a port where they would take any free one.
std::vector<MockEndpoint> PlannedEndpoints(const mock_provider::Scenario& scenario) {
  std::vector<MockEndpoint> endpoints;
  for (const mock_provider::Provider& provider : scenario.providers) {
    std::string address = provider.listen.empty() ? "127.0.0.1" : provider.listen;
    if (address.ends_with(":0")) address.resize(address.size() - 2);
    endpoints.push_back({provider.name, (provider.tls ? "https://" : "http://") + address, KeyFor(provider)});
  }
  return endpoints;
}

// Of mocks that run that scenario.
std::vector<MockEndpoint> EndpointsOf(const mock_provider::MockProvider& mocks,
                                      const mock_provider::Scenario& scenario) {
  std::vector<MockEndpoint> endpoints;
  const auto urls = mocks.Urls();
  for (std::size_t i = 0; i < urls.size(); ++i) {
    endpoints.push_back({urls[i].name, urls[i].url, KeyFor(scenario.providers[i])});
  }
  return endpoints;
}

void RefuseScenario(Configuration& configuration, const absl::Status& status) {
  configuration.config.reset();
  configuration.errors = Lines(std::string(status.message()));
}

// Those that speak TLS sign with an authority of their own.
absl::Status TrustMocks(Configuration& configuration) {
  auto& providers = configuration.config->providers;
  if (std::ranges::none_of(providers, [](const auto& provider) { return provider.url.tls; }))
    return absl::OkStatus();
  auto file = MemoryFile::Make(configuration.mocks->CaPem());
  if (!file.ok()) return file.status();
  configuration.mock_authority = *std::move(file);
  for (ProviderConfig& provider : providers) {
    if (provider.url.tls) provider.tls_ca_file = configuration.mock_authority->path();
  }
  return absl::OkStatus();
}

void UseMocks(Configuration& configuration, const CommandLine& line, bool start) {
  const auto scenario = ReadScenario(line.scenario);
  if (!scenario.ok()) return RefuseScenario(configuration, scenario.status());
  configuration.config->providers = MockProviders(PlannedEndpoints(*scenario));
  if (!start) return;
  auto mocks = mock_provider::MockProvider::Start(*scenario);
  if (!mocks.ok()) return RefuseScenario(configuration, mocks.status());
  configuration.mocks = *std::move(mocks);
  configuration.config->providers = MockProviders(EndpointsOf(*configuration.mocks, *scenario));
  if (absl::Status status = TrustMocks(configuration); !status.ok()) RefuseScenario(configuration, status);
}

}  // namespace

Configuration ReadConfiguration(const CommandLine& line, bool start_mocks) {
  Configuration configuration;
  const auto file = ConfigFile(line);
  configuration.file = file;
  if (file) {
    LoadResult loaded = LoadConfigFile(*file, FromEnvironment, {CheckTls, CheckCaFile});
    configuration.config = std::move(loaded.config);
    configuration.errors = std::move(loaded.errors);
    configuration.warnings = std::move(loaded.warnings);
  } else {
    configuration.config.emplace();
  }
  if (!configuration.config) return configuration;
  if (line.listen) {
    auto listen = ParseListenAddress(*line.listen);
    if (!listen.ok()) {
      configuration.config.reset();
      configuration.errors.push_back(fmt::format("--listen: {}", std::string(listen.status().message())));
      return configuration;
    }
    configuration.config->server.listen = *listen;
  }
  if (!file || line.mock) {
    configuration.warnings.clear();  // they are about the providers of the file
    UseMocks(configuration, line, start_mocks);
  }
  if (!configuration.config) return configuration;
  configuration.config->database.path = UserPath(configuration.config->database.path);
  ServerConfig& server = configuration.config->server;
  if (server.tls_certificate) server.tls_certificate = UserPath(*server.tls_certificate);
  if (server.tls_key) server.tls_key = UserPath(*server.tls_key);
  for (ProviderConfig& provider : configuration.config->providers) {
    if (!provider.tls_ca_file.empty()) provider.tls_ca_file = UserPath(provider.tls_ca_file);
  }
  if (auto warning = ExposureWarning(configuration.config->server))
    configuration.warnings.push_back(*warning);
  return configuration;
}

}  // namespace arbstr::proxy
