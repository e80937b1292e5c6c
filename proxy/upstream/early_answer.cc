#include "proxy/upstream/early_answer.h"

#include <array>
#include <string_view>

namespace arbstr::proxy {

EarlyAnswer::~EarlyAnswer() {
  if (!wait_ || wait_->over) return;
  wait_->stream = nullptr;
  stream_.Cancel();
}

bool EarlyAnswer::WaitBegins() {
  if (!wait_ && stream_.is_plain_socket()) {
    wait_ = std::make_shared<Wait>(Wait{&stream_});
    stream_.AsyncWaitReadable([wait = wait_](const ErrorCode& error) {
      wait->over = true;
      if (!error && wait->stream != nullptr) OnReadable(*wait);
    });
  }
  return !came();
}

// An interim response (RFC 9110 §15.2) says that the provider goes on reading; nothing, that it has closed.
void EarlyAnswer::OnReadable(Wait& wait) {
  constexpr std::string_view kInterim = "HTTP/1.1 1";
  std::array<char, kInterim.size()> begin;
  const std::string_view seen(begin.data(), wait.stream->PeekNow(begin));
  wait.came = seen.empty() || (seen.size() == kInterim.size() && seen != kInterim);
  if (wait.came) wait.stream->Cancel();
}

}  // namespace arbstr::proxy
