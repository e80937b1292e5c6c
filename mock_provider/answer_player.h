// Plays the plan of an answer on a client's connection, notes in the journal how far it has got, and notices
// when the client leaves.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_PLAYER_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_PLAYER_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <functional>
#include <memory>

#include "mock_provider/http/transport.h"
#include "mock_provider/http/wire_plan.h"
#include "mock_provider/journal/journal.h"
#include "mock_provider/provider_host.h"
#include "mock_provider/scenario/scenario_clock.h"

namespace mock_provider {

class AnswerPlayer {
 public:
  // `buffer` gets what the client sends while it is being answered. All three must outlive the player.
  AnswerPlayer(Transport& transport, boost::beast::flat_buffer& buffer, MockState& state);

  // An answer begins. Its entry is attached when it has one, and its pauses follow on the request's arrival;
  // `owner` is what keeps the player alive.
  void Begin(std::weak_ptr<void> owner);
  void Attach(const Journal::Ticket& ticket, ClockTime arrival);
  void End();

  // Whether the connection goes on after the plan.
  boost::asio::awaitable<bool> Play(const WirePlan& plan);

  // The next pause counts from now, not from the end of the one before.
  void CatchUp();

  // Watches for the client to leave, as every pause does. OnLeave's callback is called when it has left.
  void Watch();
  void OnLeave(std::function<void()> callback) { on_leave_ = std::move(callback); }

  // Ends whatever is waiting.
  void Stop();
  bool Left() const { return gone_ || stopped_; }

  // Ends the entry, if it is still open: the client has left, or the mock stops. `whole`: the answer had all
  // been sent.
  void EndEntry(bool whole = false);

 private:
  // Where a write stands in the answer.
  struct WritePlace {
    bool ends = false;    // the answer, whose last bytes these are
    bool closes = false;  // the connection comes to its end behind it
    bool after_pause = false;
  };
  boost::asio::awaitable<bool> Write(const WireOp& op, const WritePlace& place);
  boost::asio::awaitable<bool> Pause(double ms);
  boost::asio::awaitable<void> Settle(double ms);
  boost::asio::awaitable<void> Finish(const WireOp& op);
  void ReadAhead();
  void Leave();

  Transport& transport_;
  boost::beast::flat_buffer& buffer_;
  MockState& state_;
  std::weak_ptr<void> owner_;
  Journal::Ticket ticket_;
  boost::asio::steady_timer gate_;  // opened by whatever ends a pause
  // When the current step of the plan was due. Pauses follow on each other from here, so that a clock moved
  // far at once plays out every pause it has passed.
  ClockTime timeline_;
  std::function<void()> on_leave_;
  bool answering_ = false;
  bool writing_ = false;
  bool watching_ = false;  // a wait for input is pending
  bool ended_ = false;     // the entry knows who closed
  bool gone_ = false;      // the client has closed
  bool stopped_ = false;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_PLAYER_H_
