#include "proxy/upstream/early_answer.h"

#include <new>

namespace arbstr::proxy {
namespace {

constexpr size_t kReadBytes = 2048;

}  // namespace

EarlyBytes JudgeEarlyBytes(std::string_view bytes) {
  constexpr std::string_view kVersion = "HTTP/1.";
  constexpr size_t kStatusAt = 9;  // behind "HTTP/1.1 "
  while (bytes.size() > kStatusAt) {
    if (!bytes.starts_with(kVersion)) return EarlyBytes::kRefusal;
    const char hundreds = bytes[kStatusAt];
    if (hundreds == '2') return EarlyBytes::kGoOn;
    if (hundreds != '1') return EarlyBytes::kRefusal;
    const size_t end = bytes.find("\r\n\r\n");
    if (end == bytes.npos) break;
    bytes.remove_prefix(end + 4);  // an interim response (RFC 9110 §15.2)
  }
  return EarlyBytes::kUndecided;
}

EarlyAnswer::~EarlyAnswer() {
  if (!wait_) return;
  wait_->owner = nullptr;
  stream_.Cancel();
}

bool EarlyAnswer::WaitBegins() {
  if (!wait_ && !decided_ && stream_.is_plain_socket()) Watch();
  // Over TLS each write ends at once, and nothing is in flight that a Fire between two could cancel.
  return !came_ && !interrupt_.fired();
}

void EarlyAnswer::Watch() {
  wait_ = std::make_shared<Wait>(Wait{this});
  stream_.AsyncWaitReadable([wait = wait_](const ErrorCode& error) {
    if (wait->owner == nullptr) return;
    wait->owner->wait_.reset();
    if (!error) wait->owner->OnReadable();
  });
}

void EarlyAnswer::OnReadable() {
  ErrorCode error;
  try {
    input_.Commit(stream_.ReadNow(input_.Prepare(kReadBytes), error));
  } catch (const std::bad_alloc&) {  // what has come is read behind the request
    decided_ = true;
    return;
  }
  const bool over = error && error != asio::error::would_block;
  const EarlyBytes judged = over ? EarlyBytes::kRefusal : JudgeEarlyBytes(input_.view());
  came_ = judged == EarlyBytes::kRefusal;
  decided_ = judged != EarlyBytes::kUndecided || input_.size() + kReadBytes > input_.limit();
  if (came_) return stream_.Cancel();  // the write that waits
  if (!decided_) Watch();
}

}  // namespace arbstr::proxy
