// What a real provider sent, kept as the action that sends it again.
#ifndef ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_RECORD_H_
#define ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_RECORD_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "mock_provider/scenario/action.h"
#include "mock_provider/upstream/upstream_call.h"

namespace mock_provider {

inline constexpr std::size_t kMaxRecordedBody = 4 << 20;

class RelayRecord {
 public:
  // `played` is what a rule did on top of the answer, without chance.
  RelayRecord(UpstreamHead head, Action played);

  void Add(std::string_view bytes);

  enum class Ending {
    kWhole,
    kCut,        // the provider, or what a rule did on top, broke off before the end
    kAbandoned,  // the client left before the end, which it had waited for in vain
  };
  // What was added so far; empty where it was too large to be kept.
  const std::string& body() const { return body_; }
  bool too_large() const { return too_large_; }

  // Null where the body was too large to be kept, or the status none that a reply can have.
  std::shared_ptr<const Action> Take(Ending ending);

 private:
  void Cut();
  void Abandon();
  void LeaveUnfinished();
  void StopAtEnd(Hang hang);
  std::string Rest() const;

  UpstreamHead head_;
  Action action_;
  std::string body_;
  bool too_large_ = false;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_RECORD_H_
