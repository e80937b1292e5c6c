#include "proxy/client/client_connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/write.hpp>
#include <new>

#include "proxy/net/close_notify.h"
#include "proxy/net/write_all.h"

namespace arbstr::proxy {
namespace {

// A plain connection's buffer is there only while something is in it. One over TLS is waited for with a
// buffer: a small one first, and a head that is larger makes it grow.
constexpr size_t kTlsWaitBytes = 1536;
constexpr size_t kReadBytes = 4096 - BodyBuffer::kPadding;
constexpr size_t kDrainBytes = 1 << 20;
constexpr std::chrono::seconds kDrainTime{1};
// How often the kernel is asked for a client whose leaving no read can see.
constexpr std::chrono::milliseconds kGonePoll{40};
constexpr std::chrono::milliseconds kCancelAgain{10};

}  // namespace

ClientConnection::ClientConnection(ByteStream stream, DeadlineWheel& wheel, size_t input_limit,
                                   std::chrono::milliseconds write_stall)
    : wheel_(wheel),
      stream_(std::move(stream)),
      input_(std::max(input_limit, kReadBytes)),
      write_stall_(stream_, wheel, write_stall),
      input_event_(stream_.get_executor()),
      read_deadline_(wheel,
                     [this] {
                       timed_out_ = true;
                       if (input_event_.awaited()) return input_event_.Notify();
                       stream_.Cancel();
                       // Over TLS a read is several, and this may have come between two of them.
                       read_deadline_.ArmAfter(kCancelAgain);
                     }),
      gone_poll_(wheel, [this] { PollForGone(); }) {}

Task<ErrorCode> ClientConnection::Handshake(asio::ssl::context& context, TimePoint by) {
  auto& tls = stream_.StartTls(context);
  // Closes: a handshake is several reads and writes, and cancelling the one in flight can come between two.
  Deadline over(wheel_, [this] { stream_.Close(); });
  over.Arm(by);
  const auto [error] = co_await tls.async_handshake(asio::ssl::stream_base::server, kUseTask);
  tls_established_ = !error;
  co_return error;
}

void ClientConnection::StartRead() {
  if (reading_ || read_error_) return;
  input_.Consume(std::exchange(consumed_, 0));
  if (input_.size() + kReadBytes > input_.limit()) return;
  reading_ = true;
  if (stream_.plain()) {
    if (input_.size() == 0) input_.Release();
    return stream_.AsyncWaitReadable(
        [self = shared_from_this()](const ErrorCode& error) { self->OnReadable(error); });
  }
  const std::span<char> room = input_.Prepare(input_.size() == 0 ? kTlsWaitBytes : kReadBytes);
  stream_.async_read_some(
      asio::buffer(room.data(), room.size()),
      [self = shared_from_this()](const ErrorCode& error, size_t read) { self->OnRead(error, read); });
}

void ClientConnection::OnReadable(ErrorCode error) {
  size_t bytes = 0;
  try {
    if (!error) bytes = stream_.ReadNow(input_.Prepare(kReadBytes), error);
  } catch (const std::bad_alloc&) {  // no coroutine's, which would end with it
    error = asio::error::no_memory;
  }
  if (error != asio::error::would_block) return OnRead(error, bytes);
  reading_ = false;
  StartRead();
}

void ClientConnection::OnRead(ErrorCode error, size_t bytes) {
  reading_ = false;
  input_.Commit(bytes);
  received_ = received_ || bytes > 0;
  read_error_ = error;
  if (on_gone_ && error) std::exchange(on_gone_, nullptr)();
  if (on_gone_) KeepWatching();
  input_event_.NotifyHere();
}

Task<ErrorCode> ClientConnection::Fill(TimePoint by) {
  StartRead();
  received_ = timed_out_ = false;
  if (!reading_ && !read_error_) co_return asio::error::no_buffer_space;
  read_deadline_.Arm(by);
  ErrorCode cancelled;
  while (!received_ && !read_error_ && !timed_out_ && !cancelled) {
    cancelled = co_await input_event_.Wait();
  }
  read_deadline_.Disarm();
  if (received_) co_return ErrorCode();
  if (timed_out_) co_return asio::error::timed_out;
  co_return read_error_ ? read_error_ : cancelled;
}

Task<ErrorCode> ClientConnection::ReadInto(std::span<char> target, TimePoint by, size_t& read) {
  if (reading_) {  // begun to watch for the client's leaving: the body's bytes arrive through it
    const ErrorCode error = co_await Fill(by);
    read = std::min(target.size(), input().size());
    std::ranges::copy(input().substr(0, read), target.begin());
    Consume(read);
    co_return error;
  }
  if (read_error_) co_return read_error_;
  timed_out_ = false;
  read_deadline_.Arm(by);
  const auto [error, bytes] =
      co_await stream_.async_read_some(asio::buffer(target.data(), target.size()), kUseTask);
  read_deadline_.Disarm();
  read = bytes;
  co_return timed_out_ ? ErrorCode(asio::error::timed_out) : error;
}

Task<ErrorCode> ClientConnection::Write(Buffers buffers) {
  const ErrorCode error = co_await WriteAll(stream_, buffers, &write_stall_);
  write_failed_ = write_failed_ || error;
  co_return error;
}

Task<ErrorCode> ClientConnection::Write(std::string_view text) {
  asio::const_buffer buffer(text.data(), text.size());
  co_return co_await Write(Buffers(&buffer, 1));
}

void ClientConnection::Watch(std::function<void()> on_gone) {
  on_gone_ = std::move(on_gone);
  KeepWatching();
  // It left between two reads: said from the loop, like any other time.
  if (read_error_) {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (const auto gone = std::exchange(self->on_gone_, nullptr)) gone();
    });
  }
}

void ClientConnection::KeepWatching() {
  StartRead();
  // What it sent ahead fills the buffer, and its end would be read behind that.
  if (!reading_ && !read_error_) gone_poll_.ArmAfter(kGonePoll);
}

void ClientConnection::PollForGone() {
  if (!on_gone_) return;
  if (!stream_.PeerHasClosed()) return gone_poll_.ArmAfter(kGonePoll);
  const auto on_gone = std::exchange(on_gone_, nullptr);
  on_gone();
}

// Empty where there is nothing to say, or nobody to say it to.
std::string ClientConnection::CloseNotifyToSend() {
  const bool gone = read_error_ && read_error_ != asio::error::eof;
  if (!tls_established_ || write_failed_ || gone) return "";
  tls_established_ = false;  // said once
  return CloseNotify(stream_.tls()->native_handle());
}

Task<> ClientConnection::EndTls() {
  const std::string record = CloseNotifyToSend();
  if (record.empty()) co_return;
  write_stall_.WaitBegins();
  co_await asio::async_write(stream_.socket(), asio::buffer(record), kUseTask);
  write_stall_.WaitEnds();
}

void ClientConnection::CloseIdle() {
  const std::string record = CloseNotifyToSend();
  if (!record.empty()) {
    ::send(stream_.socket().native_handle(), record.data(), record.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  Close();
}

bool ClientConnection::HasUnread() { return !read_error_ && (!input().empty() || stream_.HasInput()); }

Task<> ClientConnection::HalfCloseAndDrain(bool cut) {
  if (!cut) co_await EndTls();
  stream_.ShutdownSend();
  const TimePoint by = clock().Now() + kDrainTime;
  for (size_t drained = 0; drained <= kDrainBytes;) {
    drained += input().size();
    Consume(input().size());
    if (co_await Fill(by)) break;
  }
}

}  // namespace arbstr::proxy
