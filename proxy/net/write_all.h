// Writing all of several buffers. Asio's own async_write copies 64 of them for each operation.
#ifndef ARBSTR_PROXY_NET_WRITE_ALL_H_
#define ARBSTR_PROXY_NET_WRITE_ALL_H_

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <chrono>
#include <span>
#include <tuple>

#include "proxy/net/byte_stream.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/task.h"

namespace arbstr::proxy {

// Takes what was written off the front, empty buffers with it.
inline std::span<asio::const_buffer> Unwritten(std::span<asio::const_buffer> buffers, size_t written) {
  while (!buffers.empty()) {
    const size_t used = std::min(written, buffers.front().size());
    buffers.front() += used;
    written -= used;
    if (buffers.front().size() > 0) break;
    buffers = buffers.subspan(1);
  }
  return buffers;
}

// What ends a write that makes no progress for `limit`.
struct WriteStall {
  Deadline* deadline = nullptr;  // of the connection; null: nothing does
  std::chrono::milliseconds limit{};
};

// The span's entries are used up. They and what they point to outlive the operation.
inline Task<ErrorCode> WriteAll(ByteStream& stream, std::span<asio::const_buffer> buffers,
                                WriteStall stall = {}) {
  for (buffers = Unwritten(buffers, 0); !buffers.empty();) {
    ErrorCode error;
    size_t bytes = stream.WriteNow(buffers, error);
    if (error == asio::error::would_block) {
      if (stall.deadline != nullptr) stall.deadline->ArmAfter(stall.limit);
      std::tie(error, bytes) = co_await stream.async_write_some(buffers, kUseTask);
      if (stall.deadline != nullptr) stall.deadline->Disarm();
    }
    if (error) co_return error;
    buffers = Unwritten(buffers, bytes);
  }
  co_return ErrorCode();
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_WRITE_ALL_H_
