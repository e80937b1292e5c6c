// Answers a request with what a real provider says to it, a rule's action on top.
#ifndef ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_RELAY_H_
#define ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_RELAY_H_

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "mock_provider/answer/sent_head.h"
#include "mock_provider/http/http_request.h"
#include "mock_provider/http/wire_plan.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/upstream/pending_upstream.h"
#include "mock_provider/upstream/upstream_call.h"

namespace mock_provider {

inline constexpr std::size_t kMaxCollectedBody = 16 << 20;

// The client's side of it.
class RelaySink {
 public:
  virtual ~RelaySink() = default;
  // Carries the steps out; false: the connection is at its end.
  virtual boost::asio::awaitable<bool> Play(const WirePlan& plan) = 0;
  // The wall clock.
  virtual double UnixMs() const = 0;
  // What the journal should know of the answer; comes before its last byte.
  virtual void NoteHead(const SentHead& head) = 0;
  virtual void NoteAction(std::shared_ptr<const Action> action) = 0;
  // The same while the answer is still to come: what a client that waits has met so far.
  virtual void NoteSoFar(std::shared_ptr<const Action> action) = 0;
  // The answer came whole, and is broken by itself.
  virtual void NoteBroken() = 0;
  // The client has left: nothing can be played any more.
  virtual bool Left() const = 0;
};

// Returns whether the connection goes on after the answer. Where the provider gives none, the client gets a
// 502 whose header x-mock-upstream-error says why.
boost::asio::awaitable<bool> RelayUpstream(UpstreamCall& call, const HttpRequest& request,
                                           PendingUpstream& pending, RelaySink& sink);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_RELAY_H_
