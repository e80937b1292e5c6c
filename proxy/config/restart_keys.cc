#include "proxy/config/restart_keys.h"

namespace arbstr::proxy {

std::vector<std::string> KeysThatNeedARestart(const Config& running, const Config& next) {
  std::vector<std::string> keys;
  const auto compare = [&](const char* key, const auto& section, const auto& other, auto member) {
    if (section.*member != other.*member) keys.emplace_back(key);
  };
  const auto server = [&](const char* key, auto member) {
    compare(key, running.server, next.server, member);
  };
  server("server.listen", &ServerConfig::listen);
  server("server.threads", &ServerConfig::threads);
  server("server.auth_token", &ServerConfig::auth_token);
  server("server.rate_limit_rps", &ServerConfig::rate_limit_rps);
  server("server.max_connections", &ServerConfig::max_connections);
  server("server.max_body_bytes", &ServerConfig::max_body_bytes);
  server("server.max_response_bytes", &ServerConfig::max_response_bytes);
  server("server.max_header_bytes", &ServerConfig::max_header_bytes);
  server("server.header_timeout_ms", &ServerConfig::header_timeout);
  server("server.body_timeout_ms", &ServerConfig::body_timeout);
  server("server.idle_timeout_ms", &ServerConfig::idle_timeout);
  server("server.drain_timeout_ms", &ServerConfig::drain_timeout);
  server("server.cors_origins", &ServerConfig::cors_origins);
  if (running.server.tls_certificate.has_value() != next.server.tls_certificate.has_value()) {
    keys.emplace_back("server.tls_certificate");
  }
  compare("database.path", running.database, next.database, &DatabaseConfig::path);
  compare("database.durability", running.database, next.database, &DatabaseConfig::durability);
  compare("database.retention_days", running.database, next.database, &DatabaseConfig::retention_days);
  compare("logging.level", running.logging, next.logging, &LoggingConfig::level);
  compare("logging.format", running.logging, next.logging, &LoggingConfig::format);
  compare("logging.bodies", running.logging, next.logging, &LoggingConfig::bodies);
  return keys;
}

}  // namespace arbstr::proxy
