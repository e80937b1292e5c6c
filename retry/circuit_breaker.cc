#include "retry/circuit_breaker.h"

namespace arbstr::retry {

std::optional<CircuitBreaker::Ticket> CircuitBreaker::Admit(TimePoint now) {
  switch (state(now)) {
    case State::kClosed:
      return Ticket{generation_};
    case State::kOpen:
      return std::nullopt;
    case State::kHalfOpen:
      if (state_ == State::kOpen) Become(State::kHalfOpen);
      if (probing_) return std::nullopt;
      probing_ = true;
      return Ticket{generation_};
  }
  return std::nullopt;
}

void CircuitBreaker::OnBegun(Ticket& ticket) {
  if (state_ != State::kHalfOpen || ticket.generation != generation_) return;
  Become(State::kClosed);
  ticket.generation = generation_;
}

void CircuitBreaker::OnAnswered(Ticket ticket) {
  if (ticket.generation != generation_) return;
  failures_ = 0;
  if (state_ == State::kHalfOpen) Become(State::kClosed);
}

void CircuitBreaker::OnExhausted(Ticket ticket, TimePoint now) {
  if (ticket.generation != generation_ || policy_.failures == 0) return;
  if (state_ == State::kClosed && ++failures_ < policy_.failures) return;
  open_until_ = now + policy_.open_for;
  Become(State::kOpen);
}

void CircuitBreaker::OnAborted(Ticket ticket) {
  if (ticket.generation == generation_) probing_ = false;
}

CircuitBreaker::State CircuitBreaker::state(TimePoint now) const {
  return state_ == State::kOpen && now >= open_until_ ? State::kHalfOpen : state_;
}

void CircuitBreaker::Become(State state) {
  state_ = state;
  ++generation_;
  failures_ = 0;
  probing_ = false;
}

}  // namespace arbstr::retry
