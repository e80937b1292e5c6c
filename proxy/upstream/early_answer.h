// A provider may refuse a large body, and stop reading it, before all of it was sent.
#ifndef ARBSTR_PROXY_UPSTREAM_EARLY_ANSWER_H_
#define ARBSTR_PROXY_UPSTREAM_EARLY_ANSWER_H_

#include <memory>

#include "proxy/net/byte_stream.h"
#include "proxy/net/write_all.h"

namespace arbstr::proxy {

// Ends the writing of a request, with operation_aborted, once a final response begins while the connection
// takes no more of the request. Of plain connections alone: what comes over TLS can only be read by its
// layer. Costs nothing where the kernel takes a request at once.
class EarlyAnswer final : public WriteWatch {
 public:
  // `stream` outlives this.
  explicit EarlyAnswer(ByteStream& stream) : stream_(stream) {}
  ~EarlyAnswer();
  EarlyAnswer(const EarlyAnswer&) = delete;
  EarlyAnswer& operator=(const EarlyAnswer&) = delete;

  bool came() const { return wait_ && wait_->came; }

  bool WaitBegins() override;
  void WaitEnds() override {}

 private:
  // A wait for input, which may end after this does.
  struct Wait {
    ByteStream* stream;  // null: nobody writes any more
    bool over = false;
    bool came = false;
  };
  static void OnReadable(Wait& wait);

  ByteStream& stream_;
  std::shared_ptr<Wait> wait_;  // null: not begun
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_EARLY_ANSWER_H_
