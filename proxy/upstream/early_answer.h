// A provider may refuse a large body, and stop reading it, before all of it was sent.
#ifndef ARBSTR_PROXY_UPSTREAM_EARLY_ANSWER_H_
#define ARBSTR_PROXY_UPSTREAM_EARLY_ANSWER_H_

#include <memory>
#include <string_view>

#include "proxy/http/body_buffer.h"
#include "proxy/net/byte_stream.h"
#include "proxy/net/interrupt.h"
#include "proxy/net/write_all.h"

namespace arbstr::proxy {

// What has come of an answer while its request is being sent, behind any interim responses. kRefusal: a final
// status from 300 on, or bytes that are not HTTP; the peer may stop reading. kGoOn: a 2xx, which may well
// begin before the peer has read all.
enum class EarlyBytes { kUndecided, kRefusal, kGoOn };
EarlyBytes JudgeEarlyBytes(std::string_view bytes);

// Ends the writing of a request, with operation_aborted, once its interrupt has fired, or a refusal comes, or
// the end, while the connection takes no more of the request. Answers are seen on plain connections alone:
// what comes over TLS can only be read by its layer. Costs nothing where the kernel takes a request at once.
class EarlyAnswer final : public WriteWatch {
 public:
  // What comes is put into `input`. All outlive this.
  EarlyAnswer(ByteStream& stream, BodyBuffer& input, const Interrupt& interrupt)
      : stream_(stream), input_(input), interrupt_(interrupt) {}
  ~EarlyAnswer();
  EarlyAnswer(const EarlyAnswer&) = delete;
  EarlyAnswer& operator=(const EarlyAnswer&) = delete;

  bool came() const { return came_; }

  bool IsWanted() const override { return !interrupt_.fired(); }
  bool WaitBegins() override;
  void WaitEnds() override {}

 private:
  // A wait for input, which may end after this does.
  struct Wait {
    EarlyAnswer* owner;  // null: nobody writes any more
  };
  void Watch();
  void OnReadable();

  ByteStream& stream_;
  BodyBuffer& input_;
  const Interrupt& interrupt_;
  std::shared_ptr<Wait> wait_;  // null: none is under way
  bool decided_ = false;
  bool came_ = false;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_EARLY_ANSWER_H_
