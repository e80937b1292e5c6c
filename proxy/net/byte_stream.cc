#include "proxy/net/byte_stream.h"

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace arbstr::proxy {
namespace {

constexpr size_t kMostPieces = 16;

// So little is copied into one piece: to gather two costs the kernel 0.16 microseconds more than to send one,
// and six 0.26.
constexpr size_t kCopied = 4096;

ssize_t SendOne(int socket, std::span<const asio::const_buffer> pieces) {
  std::array<char, kCopied> whole;
  char* end = whole.data();
  for (const asio::const_buffer& piece : pieces) {
    end = std::copy_n(static_cast<const char*>(piece.data()), piece.size(), end);
  }
  return ::send(socket, whole.data(), static_cast<size_t>(end - whole.data()), MSG_DONTWAIT | MSG_NOSIGNAL);
}

ssize_t SendGathered(int socket, std::span<const asio::const_buffer> pieces) {
  std::array<iovec, kMostPieces> gathered;
  msghdr message{};
  message.msg_iov = gathered.data();
  for (const asio::const_buffer& piece : pieces.first(std::min(pieces.size(), gathered.size()))) {
    gathered[message.msg_iovlen++] = {const_cast<void*>(piece.data()), piece.size()};
  }
  return ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

ErrorCode LastError() {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return asio::error::would_block;
  return ErrorCode(errno, boost::system::system_category());
}

// As recv of a byte that stays to be read: 1, 0 at the peer's end, or -1.
ssize_t Peek(int socket) {
  char byte;
  return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
}

}  // namespace

size_t ByteStream::ReadNow(std::span<char> room, ErrorCode& error) {
  if (wire_) return wire_->ReadNow(room, error);
  if (tls_) {
    if (!socket_->non_blocking()) socket_->non_blocking(true, error);
    return error ? 0 : tls_->read_some(asio::buffer(room.data(), room.size()), error);
  }
  const ssize_t got = ::recv(socket_->native_handle(), room.data(), room.size(), MSG_DONTWAIT);
  if (got > 0) return static_cast<size_t>(got);
  error = got == 0 ? ErrorCode(asio::error::eof) : LastError();
  return 0;
}

size_t ByteStream::WriteNow(std::span<const asio::const_buffer> pieces, ErrorCode& error) {
  if (!is_plain_socket()) {
    error = asio::error::would_block;
    return 0;
  }
  size_t size = 0;
  for (const asio::const_buffer& piece : pieces) size += piece.size();
  const int socket = socket_->native_handle();
  const ssize_t sent = size <= kCopied ? SendOne(socket, pieces) : SendGathered(socket, pieces);
  if (sent > 0) return static_cast<size_t>(sent);
  error = LastError();
  return 0;
}

void ByteStream::Close() {
  if (wire_) return wire_->Close();
  ErrorCode ignored;
  socket_->close(ignored);
}

void ByteStream::Cancel() {
  if (wire_) {
    wire_->CancelRead();
    return wire_->CancelWrite();
  }
  ErrorCode ignored;
  socket_->cancel(ignored);
}

void ByteStream::ShutdownSend() {
  if (wire_) return wire_->ShutdownSend();
  ErrorCode ignored;
  socket_->shutdown(Socket::shutdown_send, ignored);
}

bool ByteStream::HasInput() {
  if (wire_) return !wire_->IsQuiet() && !wire_->PeerHasClosed();
  return Peek(socket_->native_handle()) > 0;
}

size_t ByteStream::UnacknowledgedBytes() {
  int bytes = 0;
  if (wire_ || ::ioctl(socket_->native_handle(), SIOCOUTQ, &bytes) != 0) return 0;
  return static_cast<size_t>(bytes);
}

bool ByteStream::IsQuiet() {
  if (wire_) return wire_->IsQuiet();
  if (tls_) return IsTlsQuiet();
  return Peek(socket_->native_handle()) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

// The layer may hold what has been read from the socket already, and a provider's session tickets (RFC 8446
// §4.6.1) may lie unread: only a read tells those from an answer.
bool ByteStream::IsTlsQuiet() {
  ErrorCode error;
  char byte;
  ReadNow({&byte, 1}, error);
  return error == asio::error::would_block;
}

bool ByteStream::PeerHasClosed() {
  if (wire_) return wire_->PeerHasClosed();
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket_->native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return true;
  return info.tcpi_state != TCP_ESTABLISHED;
}

}  // namespace arbstr::proxy
