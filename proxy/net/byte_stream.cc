#include "proxy/net/byte_stream.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

namespace arbstr::proxy {

size_t ByteStream::ReadNow(std::span<char> room, ErrorCode& error) {
  if (wire_) return wire_->ReadNow(room, error);
  const ssize_t got = ::recv(socket_->native_handle(), room.data(), room.size(), MSG_DONTWAIT);
  if (got > 0) return static_cast<size_t>(got);
  error = got == 0                            ? ErrorCode(asio::error::eof)
          : errno == EAGAIN || errno == EINTR ? ErrorCode(asio::error::would_block)
                                              : ErrorCode(errno, boost::system::system_category());
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

bool ByteStream::IsQuiet() {
  if (wire_) return wire_->IsQuiet();
  char byte;
  const ssize_t got = ::recv(socket_->native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // Over TLS 1.3 a provider's session tickets may lie unread: the TLS layer tells those from an answer.
  if (got > 0) return tls_ != nullptr;
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool ByteStream::PeerHasClosed() {
  if (wire_) return wire_->PeerHasClosed();
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket_->native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return true;
  return info.tcpi_state != TCP_ESTABLISHED;
}

}  // namespace arbstr::proxy
