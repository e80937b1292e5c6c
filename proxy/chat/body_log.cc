#include "proxy/chat/body_log.h"

#include <spdlog/spdlog.h>

#include "proxy/chat/logged_body.h"
#include "proxy/chat/mask_secrets.h"
#include "proxy/log_line.h"

namespace arbstr::proxy {

BodyLog::BodyLog(const Worker& worker, const ChatCall& call)
    : on_(worker.gateway.config.logging.bodies && spdlog::should_log(spdlog::level::info)),
      format_(worker.gateway.config.logging.format),
      request_id_(call.request_id) {
  if (!on_) return;
  for (const auto& upstream : call.setup().upstreams) {
    secrets_.insert(secrets_.end(), upstream->secrets.begin(), upstream->secrets.end());
  }
  secrets_.push_back(worker.gateway.config.server.auth_token.value_or(""));
  secrets_ = SortedSecrets(std::move(secrets_));
}

std::size_t BodyLog::window() const { return on_ ? LoggedBodyWindow(secrets_) : 0; }

void BodyLog::Log(std::string_view what, std::string_view body, std::size_t bytes) const {
  if (!on_) return;
  LogLine line(format_, what);
  const std::string text = LoggedBody(body, secrets_);
  line.Add("id", request_id_).Add("bytes", static_cast<std::int64_t>(bytes)).Add("body", text);
  spdlog::info("{}", line.text());
}

}  // namespace arbstr::proxy
