#include "proxy/simulation/provider_connection.h"

#include <fmt/format.h>

#include <charconv>

namespace arbstr::proxy::simulation {
namespace {

// The number that follows `name` in a head; -1: there is none.
int64_t NumberAfter(std::string_view head, std::string_view name) {
  const size_t at = head.find(name);
  int64_t value = -1;
  if (at != head.npos) std::from_chars(head.data() + at + name.size(), head.data() + head.size(), value);
  return value;
}

}  // namespace

void ProviderConnection::OnBytes(std::string_view bytes) {
  received_.append(bytes);
  const size_t head = received_.find("\r\n\r\n");
  if (head == received_.npos) return;
  const int64_t length = NumberAfter(received_, "content-length: ");
  if (length < 0 || received_.size() < head + 4 + static_cast<size_t>(length)) return;
  const std::string request = std::exchange(received_, "");
  OnRequest(std::string_view(request).substr(0, head), std::string_view(request).substr(head + 4));
}

void ProviderConnection::OnRequest(std::string_view head, std::string_view body) {
  const int64_t number = NumberAfter(head, "user-agent: sim-");
  request_ = network_.clients_.of_number(number);
  if (!request_) return network_.journal_.Fail(number, "asked for after its end");
  const auto& providers = request_->settings().config.providers;
  size_t which = 0;
  while (which < providers.size() && providers[which].url.host != host_) ++which;
  if (which == providers.size()) return network_.journal_.Fail(number, "sent to a provider of another setup");
  network_.journal_.Note(number, exchanges_ == 0 ? "asks" : "asks again on a line", providers[which].name,
                         id_);
  if (exchanges_++ > 0) request_->AttemptBegan(which);
  taken_before_ = line_->taken();
  if (request_->client_left()) network_.journal_.Fail(number, "sent after the client has gone");
  if (!CheckRequest(head, body, providers[which])) {
    network_.journal_.Fail(number, fmt::format("what was sent is not what the client asked: {}", body));
  }
  Chance& chance = network_.chance_;
  if (exchanges_ > 1 && chance.Percent(4)) return Die();
  ScriptFor script;
  script.request = number;
  script.stream = request_->client_request().stream;
  script.usage = body.find("\"include_usage\":true") != body.npos;
  script.choices = request_->client_request().choices;
  script.health = network_.health_[host_];
  script.largest_response = request_->settings().config.server.max_response_bytes;
  script.now = network_.timeline_.now();
  Play(std::make_shared<const std::vector<Step>>(WriteScript(script, chance)), 0);
}

bool ProviderConnection::CheckRequest(std::string_view head, std::string_view body,
                                      const ProviderConfig& provider) {
  const ClientRequest& ask = request_->client_request();
  if (head.find("idempotency-key: ") == head.npos) return false;
  const auto name = provider.model_names.find(ask.model);
  const bool adds_usage = ask.stream && provider.stream_usage && !ask.include_usage;
  if (name == provider.model_names.end() && !adds_usage) return body == ask.body;
  if (adds_usage && body.find("\"include_usage\":true") == body.npos) return false;
  const std::string& model = name == provider.model_names.end() ? ask.model : name->second;
  return body.find(fmt::format("\"model\":\"{}\"", model)) != body.npos &&
         body.ends_with(ask.prompt + "\"}]}");
}

// A kept connection that the provider has given up, as the gateway finds out only now.
void ProviderConnection::Die() {
  const auto told = [self = shared_from_this()] {
    if (self->request_ && self->request_->StaleConnection()) self->request_.reset();
  };
  network_.timeline_.After(microseconds(network_.chance_.Between(0, 900)),
                           [self = shared_from_this(), told, broken = network_.chance_.Percent(50)] {
                             self->network_.journal_.Note(0, "dies", self->host_, self->id_);
                             broken ? self->line_->Break(told) : self->line_->End(told);
                           });
}

std::function<void()> ProviderConnection::Telling(const std::optional<ProviderEvent>& told) {
  if (!told) return {};
  return [self = shared_from_this(), request = request_, said = *told] {
    // What was read before has ended the exchange, and the rest is read only to use the connection again.
    if (request == nullptr || self->request_ != request) return;
    self->network_.journal_.Note(request->client_request().number, "hears", self->host_,
                                 static_cast<int>(said.kind));
    if (said.kind == ProviderEvent::Kind::kEnd && self->exchanges_ > 1 &&
        self->line_->taken() == self->taken_before_) {
      if (request->StaleConnection()) self->request_.reset();  // a kept line that ends without a word
      return;
    }
    request->Heard(said);
    if (said.kind == ProviderEvent::Kind::kResponse) self->CloseWhenIdle();
    const auto phase = request->phase();
    if (phase != RequestModel::Phase::kAttempt && phase != RequestModel::Phase::kStreaming)
      self->request_.reset();
  };
}

void ProviderConnection::CloseWhenIdle() {
  if (!network_.chance_.Percent(20)) return;
  network_.timeline_.After(Pause(network_.chance_), [self = shared_from_this(), done = exchanges_] {
    if (self->exchanges_ == done && !self->request_) self->line_->End();
  });
}

void ProviderConnection::Play(std::shared_ptr<const std::vector<Step>> steps, size_t next) {
  if (next == steps->size()) return;
  network_.timeline_.After((*steps)[next].wait, [self = shared_from_this(), steps, next] {
    if (self->line_->closed()) return;
    const Step& step = (*steps)[next];
    if (!step.bytes.empty()) self->line_->Send(step.bytes, self->Telling(step.told));
    if (step.then == Step::Then::kEnd) self->line_->End(self->Telling(step.told_end));
    if (step.then == Step::Then::kBreak) self->line_->Break(self->Telling(step.told_end));
    self->Play(steps, next + 1);
  });
}

void ProviderConnection::OnClosed() {
  if (const auto request = std::exchange(request_, nullptr)) {
    network_.journal_.Note(request->client_request().number, "lets go of", host_, id_);
    request->Dropped(false);
  }
  network_.lines_.erase(id_);
}

}  // namespace arbstr::proxy::simulation
