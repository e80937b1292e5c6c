#include "proxy/simulation/script.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "proxy/simulation/stream_script.h"

namespace arbstr::proxy::simulation {
namespace {

using Then = Step::Then;

enum class Framing { kLength, kChunked, kUntilEnd };

struct Message {
  int status = 200;
  std::string fields, body;
  Framing framing = Framing::kLength;
};

std::string Text(const Message& message, size_t announced) {
  std::string text = fmt::format("HTTP/1.1 {} Whatever\r\n{}", message.status, message.fields);
  switch (message.framing) {
    case Framing::kLength:
      return text + fmt::format("content-length: {}\r\n\r\n{}", announced, message.body);
    case Framing::kUntilEnd:
      return text + "connection: close\r\n\r\n" + message.body;
    case Framing::kChunked:
      break;
  }
  const size_t half = message.body.size() / 2;
  text += "transfer-encoding: chunked\r\n\r\n";
  for (const std::string& part : {message.body.substr(0, half), message.body.substr(half)}) {
    if (!part.empty()) text += fmt::format("{:x}\r\n{}\r\n", part.size(), part);
  }
  return text + "0\r\n\r\n";
}

// `text` in pieces; the last one says `told`.
std::vector<Step> InPieces(std::string_view text, const std::optional<ProviderEvent>& told, Chance& chance) {
  std::vector<Step> steps;
  for (auto left = chance.Between(0, 2); left > 0 && text.size() > 1; --left) {
    const size_t length = 1 + chance.Below(text.size() - 1);
    steps.push_back({.wait = Pause(chance), .bytes = std::string(text.substr(0, length))});
    text.remove_prefix(length);
  }
  steps.push_back({.wait = Pause(chance), .bytes = std::string(text), .told = told});
  return steps;
}

// Takes the head off an error, which says as much as all of it.
std::vector<Step> ErrorHead(std::string_view& text, ProviderEvent told, Chance& chance) {
  const size_t length = text.find("\r\n\r\n") + 4;
  told.kind = ProviderEvent::Kind::kErrorHead;
  std::vector<Step> steps = InPieces(text.substr(0, length), told, chance);
  text.remove_prefix(length);
  return steps;
}

std::vector<Step> Whole(const Message& message, ProviderEvent told, Chance& chance) {
  told.status = message.status;
  told.body = message.body;
  const std::string text = Text(message, message.body.size());
  std::string_view rest = text;
  std::vector<Step> steps;
  if (message.status >= 300) steps = ErrorHead(rest, told, chance);
  const bool until_end = message.framing == Framing::kUntilEnd;
  for (Step& step : InPieces(rest, until_end ? std::nullopt : std::optional(told), chance)) {
    steps.push_back(std::move(step));
  }
  if (until_end) steps.push_back({.wait = Pause(chance), .then = Then::kEnd, .told_end = told});
  return steps;
}

// An error whose body never comes to its end.
std::vector<Step> Unfinished(const Message& message, ProviderEvent told, Chance& chance) {
  told.status = message.status;
  const std::string text = Text(message, message.body.size() + 1);
  std::string_view rest = text;
  std::vector<Step> steps = ErrorHead(rest, told, chance);
  if (chance.Percent(50)) return steps;
  for (Step& step : InPieces(rest.substr(0, rest.size() - 1), std::nullopt, chance)) {
    steps.push_back(std::move(step));
  }
  return steps;
}

ProviderEvent Ended() {
  ProviderEvent told;
  told.kind = ProviderEvent::Kind::kEnd;
  return told;
}

ProviderEvent Fault() {
  ProviderEvent told;
  told.kind = ProviderEvent::Kind::kFault;
  return told;
}

// Up to some byte before its end, and then the end or nothing more.
std::vector<Step> Cut(const Message& message, bool hangs, Chance& chance) {
  const std::string text = Text(message, message.body.size());
  const std::string_view part = std::string_view(text).substr(0, chance.Below(text.size() - 1));
  std::vector<Step> steps;
  if (!part.empty()) steps = InPieces(part, std::nullopt, chance);
  if (hangs) return steps;
  steps.push_back(
      {.wait = Pause(chance), .then = chance.Percent(50) ? Then::kEnd : Then::kBreak, .told_end = Ended()});
  return steps;
}

Framing AnyFraming(Chance& chance) {
  return chance.OneOf(
      {Framing::kLength, Framing::kLength, Framing::kLength, Framing::kChunked, Framing::kUntilEnd});
}

Message Completion(const ScriptFor& request, ProviderEvent& told, Chance& chance) {
  Message message;
  message.framing = AnyFraming(chance);
  message.fields = "content-type: application/json\r\n";
  const auto shape = chance.Between(0, 19);
  if (shape == 0) {
    message.body = fmt::format("no JSON at all, {}", request.request);
    if (message.framing == Framing::kUntilEnd) told.kind = ProviderEvent::Kind::kFault;
    return message;
  }
  std::string usage;
  if (shape > 1) {
    told.usage = Tokens{chance.Between(0, 4000), chance.Between(0, 4000)};
    usage = fmt::format(R"(,"usage":{{"prompt_tokens":{},"completion_tokens":{})", told.usage->input,
                        told.usage->output);
    if (chance.Percent(20)) {
      told.total_cost = static_cast<double>(chance.Between(0, 800)) / 8;
      usage += fmt::format(R"(,"total_cost":{})", *told.total_cost);
    }
    usage += "}";
  }
  message.body =
      fmt::format(R"({{"id":"{}","choices":[{{"message":{{"content":"{}"}}}}]{}}})", request.request,
                  std::string(static_cast<size_t>(chance.Between(0, 300)), 'x'), usage);
  return message;
}

void AskForTime(const ScriptFor& request, Message& message, ProviderEvent& told, Chance& chance) {
  switch (chance.Between(0, 5)) {
    case 0: {
      told.asked = milliseconds(chance.Between(0, 4000));
      message.fields += fmt::format("retry-after-ms: {}\r\n", told.asked->count());
      return;
    }
    case 1:
      told.asked = seconds(chance.Between(0, 6));
      message.fields += fmt::format("retry-after: {}\r\n", told.asked->count() / 1000);
      return;
    case 2: {
      const auto day =
          std::chrono::floor<seconds>(request.now.time_since_epoch()) + seconds(chance.Between(-1, 5));
      told.asked_until = TimePoint(day);
      message.fields += fmt::format("retry-after: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                                    fmt::gmtime(std::chrono::system_clock::time_point(day)));
      return;
    }
    default:
      return;
  }
}

Message Refusal(const ScriptFor& request, int status, ProviderEvent& told, Chance& chance) {
  Message message;
  message.status = status;
  message.framing = AnyFraming(chance);
  AskForTime(request, message, told, chance);
  if (status < 400) message.fields += "location: https://elsewhere.example/\r\n";
  if (chance.Percent(70)) {
    message.fields += "content-type: application/json\r\n";
    message.body = fmt::format(R"({{"error":{{"message":"no {}","type":"made_up"}}}})", request.request);
  } else {
    message.fields += "content-type: text/html\r\n";
    message.body = "<h1>no</h1>";
  }
  return message;
}

std::vector<Step> Failing(const ScriptFor& request, Chance& chance) {
  ProviderEvent told;
  const auto kind = chance.Between(0, 99);
  if (kind < 50) {
    const int status = kind < 30 ? chance.OneOf({500, 502, 503, 503, 504, 529})
                                 : chance.OneOf({400, 401, 403, 404, 408, 429, 429, 501, 302});
    const Message message = Refusal(request, status, told, chance);
    return chance.Percent(10) ? Unfinished(message, told, chance) : Whole(message, told, chance);
  }
  if (kind < 58) {
    Message message = Refusal(request, 200, told, chance);
    message.body = R"({"error":{"message":"overloaded","type":"made_up"}})";
    told.error_body = true;
    return Whole(message, told, chance);
  }
  if (kind < 68) return Cut(Completion(request, told, chance), true, chance);
  if (kind < 90) return Cut(Completion(request, told, chance), false, chance);
  // In one piece: how much of it the parser needs to know is its own affair.
  if (kind < 96) return {{.wait = Pause(chance), .bytes = "SIP/2.0 999 \x01\r\n\r\n", .told = Fault()}};
  Message message;
  message.body = std::string(request.largest_response + 1, 'y');
  const std::string text = Text(message, message.body.size());
  const size_t head = text.find("\r\n\r\n") + 4;
  std::vector<Step> steps = InPieces(std::string_view(text).substr(0, head), Fault(), chance);
  steps.push_back({.wait = Pause(chance), .bytes = text.substr(head)});
  return steps;
}

}  // namespace

Duration Pause(Chance& chance) {
  const auto kind = chance.Between(0, 99);
  if (kind < 30) return microseconds(chance.Between(1, 500));
  if (kind < 80) return microseconds(chance.Between(500, 40'000));
  if (kind < 97) return milliseconds(chance.Between(40, 400));
  return milliseconds(chance.Between(400, 4000));
}

ConnectScript WriteConnectScript(int health, Chance& chance) {
  ConnectScript script;
  script.takes = Pause(chance);
  if (chance.Percent(health)) return script;
  switch (chance.Between(0, 9)) {
    case 0:
      script.takes = Duration::max();
      return script;
    case 1:
    case 2:
    case 3:
      script.fails = true;
      return script;
    default:
      return script;
  }
}

std::vector<Step> WriteScript(const ScriptFor& request, Chance& chance) {
  const bool healthy = chance.Percent(request.health);
  if (request.stream && chance.Percent(healthy ? 95 : 60)) return WriteStream(request, healthy, chance);
  if (!healthy) return Failing(request, chance);
  ProviderEvent told;
  const Message message = Completion(request, told, chance);
  return Whole(message, told, chance);
}

}  // namespace arbstr::proxy::simulation
