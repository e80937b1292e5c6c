// Prompts and answers in the gateway's own log, where logging.bodies asks for them.
#ifndef ARBSTR_PROXY_CHAT_BODY_LOG_H_
#define ARBSTR_PROXY_CHAT_BODY_LOG_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/chat/chat_call.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

// Of one request. Masks the keys of all providers and our own token.
class BodyLog {
 public:
  // Both outlive this.
  BodyLog(const Worker& worker, const ChatCall& call);

  // How many bytes of a body are of use to Log; 0 where bodies are not logged.
  std::size_t window() const;

  // Writes the line, at level info, where bodies are logged. `what` is "prompt" or "answer"; of the body,
  // which has so many `bytes`, the first window() are enough.
  void Log(std::string_view what, std::string_view body, std::size_t bytes) const;

 private:
  const bool on_;
  const LogFormat format_;
  const std::string& request_id_;
  std::vector<std::string> secrets_;  // empty where bodies are not logged
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_BODY_LOG_H_
