// Writing all of several buffers. Asio's own async_write copies 64 of them for each operation.
#ifndef ARBSTR_PROXY_NET_WRITE_ALL_H_
#define ARBSTR_PROXY_NET_WRITE_ALL_H_

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <span>
#include <tuple>

#include "proxy/net/byte_stream.h"
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

// Is told while a write waits for its peer to take something.
class WriteWatch {
 public:
  // Asked when the write's turn has come. False: it is not wanted any more, and ends with operation_aborted.
  virtual bool IsWanted() const { return true; }
  // False: it is not worth waiting for, and the write ends with operation_aborted.
  virtual bool WaitBegins() = 0;
  virtual void WaitEnds() = 0;

 protected:
  ~WriteWatch() = default;
};

// The span's entries are used up. They and what they point to outlive the operation, and so does `watch`,
// which may be null.
inline Task<ErrorCode> WriteAll(ByteStream& stream, std::span<asio::const_buffer> buffers,
                                WriteWatch* watch = nullptr) {
  // Behind a simulation's wire nobody is woken.
  if (stream.has_socket()) co_await stream.write_batch().Turn();
  if (watch != nullptr && !watch->IsWanted()) co_return asio::error::operation_aborted;
  for (buffers = Unwritten(buffers, 0); !buffers.empty();) {
    ErrorCode error;
    size_t bytes = stream.WriteNow(buffers, error);
    if (error == asio::error::would_block) {
      if (watch != nullptr && !watch->WaitBegins()) co_return asio::error::operation_aborted;
      std::tie(error, bytes) = co_await stream.async_write_some(buffers, kUseTask);
      if (watch != nullptr) watch->WaitEnds();
    }
    if (error) co_return error;
    buffers = Unwritten(buffers, bytes);
  }
  co_return ErrorCode();
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_WRITE_ALL_H_
