#include "proxy/simulation/stream_script.h"

#include <fmt/format.h>

#include <utility>

namespace arbstr::proxy::simulation {
namespace {

using Then = Step::Then;

class StreamWriter {
 public:
  StreamWriter(const ScriptFor& request, Chance& chance)
      : request_(request), chance_(chance), chunked_(chance.Percent(80)) {
    ProviderEvent told;
    told.kind = ProviderEvent::Kind::kStreamBegins;
    const std::string head =
        fmt::format("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n{}\r\n",
                    chunked_ ? "transfer-encoding: chunked\r\n" : "connection: close\r\n");
    steps_.push_back({.wait = Pause(chance), .bytes = head, .told = told});
  }

  void Event(ProviderEvent told, std::string data) {
    told.kind = ProviderEvent::Kind::kEvent;
    told.event = std::move(data);
    const std::string size = chunked_ ? fmt::format("{:x}\r\n", told.event.size()) : "";
    const std::string bytes = size + told.event + (chunked_ ? "\r\n" : "");
    if (!told.done && chance_.Percent(10)) {  // in two pieces, each with a byte of it
      const size_t first = size.size() + 1 + chance_.Below(told.event.size() - 1);
      steps_.push_back({.wait = Pause(chance_), .bytes = bytes.substr(0, first)});
      steps_.push_back({.wait = Pause(chance_), .bytes = bytes.substr(first), .told = told});
      return;
    }
    const Duration wait = chance_.Percent(20) ? Duration(0) : Pause(chance_);
    steps_.push_back({.wait = wait, .bytes = bytes, .told = told});
  }

  void Delta(int64_t choice, std::string_view delta, bool token, bool finish) {
    ProviderEvent told;
    told.choice = choice;
    told.token = token;
    told.finish = finish;
    Event(told, fmt::format("data: {{\"id\":\"{}\",\"choices\":[{{\"index\":{},\"delta\":{},"
                            "\"finish_reason\":{}}}]}}\n\n",
                            request_.request, choice, delta, finish ? "\"stop\"" : "null"));
  }

  void Usage() {
    if (!request_.usage) return;
    ProviderEvent told;
    told.usage = Tokens{chance_.Between(0, 4000), chance_.Between(0, 4000)};
    told.usage_only = true;
    Event(told, fmt::format("data: {{\"choices\":[],\"usage\":{{\"prompt_tokens\":{},"
                            "\"completion_tokens\":{}}}}}\n\n",
                            told.usage->input, told.usage->output));
  }

  void Done() {
    ProviderEvent told;
    told.done = true;
    Event(told, "data: [DONE]\n\n");
  }

  void EndOfMessage() {
    if (chunked_) {
      ProviderEvent told;
      told.kind = ProviderEvent::Kind::kEnd;  // of the message: the connection stays
      told.message_ends = true;
      steps_.push_back({.wait = Pause(chance_), .bytes = "0\r\n\r\n", .told = told});
    } else {
      End(Then::kEnd);
    }
  }

  void End(Then how) {
    ProviderEvent told;
    told.kind = ProviderEvent::Kind::kEnd;
    told.message_ends = told.by_close = !chunked_ && how == Then::kEnd;
    steps_.push_back({.wait = Pause(chance_), .then = how, .told_end = told});
  }

  // Longer than anybody waits for what follows a finish_reason.
  void Heartbeats() {
    for (int left = 60; left > 0; --left) {
      ProviderEvent told;
      told.comment = true;
      Event(told, ": still here\n\n");
      steps_.back().wait = milliseconds(250);
    }
  }

  // As of providers that give a reason with every chunk, at most for longer than one without a chunk may
  // last.
  void FinishedDeltas(int64_t choice) {
    for (int left = chance_.OneOf({2, 50}); left > 0; --left) {
      Delta(choice, R"({"content":"on"})", true, true);
      steps_.back().wait = milliseconds(250);
    }
  }

  std::vector<Step> Take() { return std::move(steps_); }

 private:
  const ScriptFor& request_;
  Chance& chance_;
  const bool chunked_;
  std::vector<Step> steps_;
};

void Fail(StreamWriter& stream, Chance& chance) {
  ProviderEvent told;
  switch (chance.Between(0, 6)) {
    case 0:
      return stream.End(Then::kEnd);
    case 1:
      return stream.End(Then::kBreak);
    case 2:
      return stream.EndOfMessage();
    case 3:
      told.error = true;
      stream.Event(told, "data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
      return stream.EndOfMessage();
    case 4:
      told.malformed = true;
      stream.Event(told, "data: {\"choices\":[}\n\n");
      return stream.End(Then::kEnd);
    default:
      if (chance.Percent(30)) stream.Heartbeats();
      return;  // silence
  }
}

}  // namespace

std::vector<Step> WriteStream(const ScriptFor& request, bool healthy, Chance& chance) {
  StreamWriter stream(request, chance);
  const auto fails_after = healthy ? int64_t{1000} : chance.Between(0, 6);
  int64_t said = 0;
  const auto fails = [&] { return said++ >= fails_after; };
  if (chance.Percent(20)) {
    ProviderEvent told;
    told.comment = true;
    stream.Event(told, ": hold on\n\n");
  }
  if (fails()) {
    Fail(stream, chance);
    return stream.Take();
  }
  const int64_t choices = chance.Percent(80) ? request.choices : 1;  // some providers know only one
  for (int64_t choice = 0; choice < choices; ++choice) {
    stream.Delta(choice, "{\"role\":\"assistant\",\"content\":\"\"}", false, false);
    for (auto left = chance.Between(0, 6); left > 0; --left) {
      if (fails()) {
        Fail(stream, chance);
        return stream.Take();
      }
      const std::string text(static_cast<size_t>(left) * 7, 'z');
      stream.Delta(choice, fmt::format("{{\"content\":\"{}\"}}", text), true, false);
    }
    if (chance.Percent(3)) stream.FinishedDeltas(choice);
    stream.Delta(choice, "{}", false, true);
  }
  stream.Usage();
  if (!healthy) {
    Fail(stream, chance);
    return stream.Take();
  }
  if (chance.Percent(90)) stream.Done();
  if (chance.Percent(90)) {
    stream.EndOfMessage();
  } else {
    stream.End(chance.Percent(50) ? Then::kEnd : Then::kBreak);
  }
  return stream.Take();
}

}  // namespace arbstr::proxy::simulation
