#include "proxy/simulation/client.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include "proxy/simulation/answer_check.h"

namespace arbstr::proxy::simulation {
namespace {

std::string RequestText(const ClientRequest& ask) {
  std::string text = fmt::format(
      "POST /v1/chat/completions HTTP/1.{}\r\nhost: gateway\r\nuser-agent: sim-{}\r\n"
      "content-type: application/json\r\ncontent-length: {}\r\n",
      ask.http_1_0 ? 0 : 1, ask.number, ask.body.size());
  if (ask.policy) text += fmt::format("x-arbstr-policy: {}\r\n", *ask.policy);
  if (ask.deadline) text += fmt::format("x-arbstr-deadline-ms: {}\r\n", *ask.deadline);
  return text + "\r\n" + ask.body;
}

}  // namespace

void Client::Start() {
  if (world_.shared.draining) return;
  const Executor executor = world_.worker.loop.get_executor();
  line_ = std::make_shared<Line>(executor, *this);
  left_ = false;
  slow_ = world_.chance.Percent(10);
  const auto session =
      std::make_shared<Session>(world_.worker, ByteStream(executor, std::make_unique<LineWire>(line_)));
  session_ = session;
  // From the loop, as a listener does it.
  asio::post(executor, [session] { session->Start(); });
  if (slow_) ReadSlowly();
  world_.timeline.After(Pause(world_.chance), [self = shared_from_this(), line = line_] {
    if (self->line_ == line) self->AskNext();
  });
}

void Client::AskNext() {
  if (request_ || left_ || line_->closed()) return;
  auto ask = world_.next_request();
  if (!ask) {
    left_ = true;
    return line_->End();
  }
  world_.journal.Note(ask->number, "is sent", ask->model, ask->stream ? 1 : 0);
  const std::string text = RequestText(*ask);
  request_ = std::make_shared<RequestModel>(world_.shared, *std::move(ask));
  reader_ = AnswerReader();
  Send(text);
  if (world_.chance.Percent(12)) PlanLeaving();
}

// In one piece or two; with its last byte it has arrived.
void Client::Send(const std::string& text) {
  const size_t first = world_.chance.Percent(20) ? 1 + world_.chance.Below(text.size() - 1) : 0;
  if (first > 0) line_->Send(std::string_view(text).substr(0, first));
  const auto rest = [self = shared_from_this(), line = line_, request = request_, text = text.substr(first)] {
    line->Send(text, [self, request] {
      self->world_.journal.Note(request->client_request().number, "arrives");
      request->Arrived();
      self->world_.on_arrived(request, self);
    });
  };
  if (first == 0) return rest();
  world_.timeline.After(microseconds(world_.chance.Between(10, 30'000)), rest);
}

void Client::PlanLeaving() {
  world_.timeline.After(
      Pause(world_.chance) + Pause(world_.chance), [self = shared_from_this(), request = request_] {
        if (self->request_ != request || self->line_->closed()) return;
        self->left_ = true;
        self->world_.journal.Note(request->client_request().number, "client leaves");
        const auto told = [self, request] {
          self->world_.journal.Note(request->client_request().number, "its leaving is seen");
          request->ClientLeft();
        };
        self->world_.chance.Percent(50) ? self->line_->Break(told) : self->line_->End(told);
      });
}

void Client::ReadSlowly() {
  if (line_->closed()) return;
  line_->SetRoom(static_cast<size_t>(world_.chance.Between(40, 2000)));
  // Now and then so slowly that it is given up.
  const Duration wait =
      world_.chance.Percent(2) ? seconds(8) : Duration(microseconds(world_.chance.Between(500, 80'000)));
  world_.timeline.After(wait, [self = shared_from_this(), line = line_] {
    if (self->line_ == line) self->ReadSlowly();
  });
}

void Client::OnBytes(std::string_view bytes) {
  world_.look_at_log();
  if (!request_) return world_.journal.Fail(0, "bytes that answer nothing");
  if (reader_.Put(bytes)) Answered();
}

void Client::Answered() {
  world_.journal.Note(request_->client_request().number, "is answered", "", reader_.answer().status);
  const bool broken_stream = request_->streamed() && request_->row() && !request_->row()->success;
  if (broken_stream) return;  // which has no end but the connection's
  const bool last = reader_.answer().field("connection") == "close";
  Check(false);
  request_.reset();
  reader_ = AnswerReader();
  if (left_ || last) return;
  if (world_.chance.Percent(20)) {
    left_ = true;
    line_->End();
    return;
  }
  world_.timeline.After(Pause(world_.chance), [self = shared_from_this(), line = line_] {
    if (self->line_ == line) self->AskNext();
  });
}

void Client::Check(bool ended) {
  const Answer& answer = reader_.answer();
  const bool refused = request_->phase() == RequestModel::Phase::kRoomAwaited && answer.status == 503;
  if (refused && answer.body.find("log_unavailable") != answer.body.npos) {
    request_->RefusedForWantOfRoom();
  } else if (refused && answer.body.find("draining") != answer.body.npos) {
    request_->RefusedByShutdown();
  } else if (auto wrong = WhatIsWrong(answer, *request_, ended); !wrong.empty()) {
    world_.journal.Fail(request_->client_request().number, std::move(wrong));
  }
  world_.on_answered(*request_, answer);
}

void Client::OnClosed() {
  world_.look_at_log();
  if (request_ && request_->phase() != RequestModel::Phase::kNotArrived) {
    world_.journal.Note(request_->client_request().number, "connection ends");
    reader_.End();
    // Who does not take what is written for too long counts as gone.
    if (request_->phase() != RequestModel::Phase::kOver || !reader_.begun()) request_->ClientLeft();
    // Cut off before its row was committed, it must not be told that its answer is complete.
    // A client of HTTP/1.0 sees no difference between a connection's end and its answer's.
    const bool uncommitted = (!reader_.answer().whole || request_->client_request().http_1_0) &&
                             request_->settings().config.database.durability == Durability::kBeforeResponse;
    // And a connection may be closed as an idle one in the moment in which a request arrives.
    const bool unserved = !reader_.begun() && request_->phase() == RequestModel::Phase::kRoomAwaited;
    const bool drained = world_.shared.draining && (uncommitted || unserved);
    if (!left_ && !slow_ && !drained) Check(true);
  }
  request_.reset();
  world_.timeline.After(Pause(world_.chance), [self = shared_from_this()] { self->Start(); });
}

}  // namespace arbstr::proxy::simulation
