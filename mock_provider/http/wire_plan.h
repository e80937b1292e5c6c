// What is to happen on a connection in answer to one request, step by step. Everything that can go wrong with
// an answer is written down here first, as a value; the connection only carries it out.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_WIRE_PLAN_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_WIRE_PLAN_H_

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace mock_provider {

inline constexpr double kForever = std::numeric_limits<double>::infinity();

struct WireOp {
  enum class Kind {
    kWrite,   // the bytes leave in a write of their own
    kPause,   // on the scenario's clock
    kSettle,  // in real time, so that the peer reads what was written so far on its own
    kClose,   // FIN
    kAbort,   // RST
  };
  Kind kind = Kind::kWrite;
  std::string bytes{};
  bool is_body = false;    // of a kWrite: follows the head
  bool completes = false;  // of a kWrite: the answer is whole with it, as it was framed
  double ms = 0;           // kPause, kSettle
};

// Whether nothing can be sent after it.
bool EndsConnection(const WireOp& op);

// A plan that neither closes nor aborts leaves the connection open for the next request.
class WirePlan {
 public:
  void Write(std::string bytes) { Add({.kind = WireOp::Kind::kWrite, .bytes = std::move(bytes)}); }
  void WriteBody(std::string bytes) {
    if (bytes.empty()) return;
    Add({.kind = WireOp::Kind::kWrite, .bytes = std::move(bytes), .is_body = true});
  }
  void Pause(double ms) {
    if (ms > 0) Add({.kind = WireOp::Kind::kPause, .bytes = "", .ms = ms});
  }
  void Settle(double ms) { Add({.kind = WireOp::Kind::kSettle, .bytes = "", .ms = ms}); }
  void Close() { Add({.kind = WireOp::Kind::kClose, .bytes = ""}); }
  void Abort() { Add({.kind = WireOp::Kind::kAbort, .bytes = ""}); }

  // The answer is whole with the last write so far.
  void Complete();

  // Whether the plan has come to an end after which nothing more can be sent.
  bool Ended() const;
  bool SendsWholeAnswer() const;

  void Reserve(std::size_t ops) { ops_.reserve(ops); }
  void Add(WireOp op) { ops_.push_back(std::move(op)); }
  void Append(const WirePlan& other);
  void Append(WirePlan&& other);

  const std::vector<WireOp>& ops() const& { return ops_; }
  std::vector<WireOp> ops() && { return std::move(ops_); }

 private:
  std::vector<WireOp> ops_;
};

// The same plan with its body leaving at that many bytes a second: each write comes when the link would be
// through with its bytes. What takes longer than 50 ms is cut.
WirePlan Dripped(const WirePlan& plan, double bytes_per_s);

// The same plan with one body write cut in two, so that half of all body bytes lie before the cut, and
// `inserted` between the halves. What follows is left out when `inserted` ends the plan.
WirePlan WithMidBody(const WirePlan& plan, const WirePlan& inserted);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_WIRE_PLAN_H_
