#include "proxy/net/write_batch.h"

#include <boost/asio/post.hpp>

namespace arbstr::proxy {
namespace {

// So many writes together are worth a further look for input.
constexpr size_t kWorthHolding = 3;
constexpr int kMostSmall = 4;
constexpr int kBetweenTrials = 16;

}  // namespace

bool HoldPolicy::Holds(bool held) {
  if (holding_ || held) return true;
  if (++unheld_ < kBetweenTrials) return false;
  unheld_ = 0;
  return true;
}

void HoldPolicy::OnReleased(size_t writes) {
  small_ = writes < kWorthHolding ? small_ + 1 : 0;
  holding_ = writes >= kWorthHolding || (holding_ && small_ < kMostSmall);
}

WriteBatch::WriteBatch(asio::execution_context& loop)
    : service(loop), executor_(static_cast<asio::io_context&>(loop).get_executor()) {}

void WriteBatch::Hold(Awaiter& writer) {
  if (held_.empty()) {
    asio::post(executor_, [this] { Release(); });
  }
  held_.push_back(writer);
}

void WriteBatch::Release() {
  decltype(held_) released;
  released.swap(held_);
  size_t writes = 0;
  while (!released.empty()) {
    Awaiter& first = released.front();
    released.pop_front();
    ++writes;
    first.writer_.resume();
  }
  policy_.OnReleased(writes);
}

}  // namespace arbstr::proxy
