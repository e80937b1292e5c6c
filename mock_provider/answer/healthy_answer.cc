#include "mock_provider/answer/healthy_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "mock_provider/answer/completion.h"
#include "mock_provider/answer/error_answer.h"
#include "mock_provider/http/event_splitter.h"
#include "mock_provider/http/header_name.h"
#include "mock_provider/http/json_text.h"
#include "mock_provider/http/percent_decoding.h"
#include "mock_provider/rules/model_name_action.h"
#include "mock_provider/scenario/event_stream_reply.h"

namespace mock_provider {
namespace {

constexpr std::string_view kModelsPath = "/models";
constexpr std::int64_t kMostTokens = 1'000'000'000'000;
constexpr std::int64_t kMostChoices = 128;
constexpr std::size_t kMostTextOfChoices = 1 << 20;  // bytes; it is all made at once
const Reply kMadeUp;

std::vector<std::string> ModelsOf(const Provider& provider) {
  if (!provider.models.empty()) return provider.models;
  return provider.models_choose_faults ? ExampleModelNames() : std::vector<std::string>{"mock-model"};
}

std::string ModelJson(const std::string& id, const std::string& owner) {
  return fmt::format(R"({{"id":{},"object":"model","created":{},"owned_by":{}}})", QuoteJson(id),
                     kCreatedAtStart, QuoteJson(owner));
}

HttpAnswer ModelsAnswer(const Provider& provider) {
  std::string list;
  for (const std::string& model : ModelsOf(provider)) {
    if (!list.empty()) list += ",";
    list += ModelJson(model, provider.name);
  }
  return JsonAnswer(fmt::format(R"({{"object":"list","data":[{}]}})", list));
}

HttpAnswer ModelAnswer(const Provider& provider, const std::string& id) {
  const auto models = ModelsOf(provider);
  if (std::find(models.begin(), models.end(), id) != models.end()) {
    return JsonAnswer(ModelJson(id, provider.name));
  }
  return MakeErrorAnswer(provider.dialect, {.kind = ErrorKind::kModelNotFound},
                         {.model = id, .request_id = "", .key = "", .unix_ms = 0});
}

Completion CompletionOf(const Provider& provider, const ChatRequest& chat, const AnswerIdentity& identity,
                        const Reply& reply) {
  return MakeCompletion(reply, chat,
                        {.text = "Hello from " + provider.name + ".",
                         .id = identity.completion_id,
                         .created = identity.created});
}

HttpAnswer CompletionAnswer(const Provider& provider, const ChatRequest& chat, const AnswerIdentity& identity,
                            const Reply& reply) {
  const Completion completion = CompletionOf(provider, chat, identity, reply);
  if (!chat.stream) return JsonAnswer(CompletionJson(completion));
  HttpAnswer answer;
  answer.SetHeader("content-type", "text/event-stream; charset=utf-8");
  answer.SetHeader("cache-control", "no-cache");
  answer.frames = CompletionFrames(completion);
  return answer;
}

// A single choice may be as long as it likes.
std::int64_t MostChoices(const Reply& reply) {
  std::size_t text = reply.text ? reply.text->size() : 0;
  for (const ToolCall& call : reply.tool_calls) text += call.arguments.size();
  const auto fitting = static_cast<std::int64_t>(kMostTextOfChoices / std::max<std::size_t>(text, 1));
  return std::clamp<std::int64_t>(fitting, 1, kMostChoices);
}

// What OpenAI says to an `n` that it does not take.
std::optional<HttpAnswer> RefuseChoices(Dialect dialect, std::int64_t choices, std::int64_t most) {
  if (choices >= 1 && choices <= most) return std::nullopt;
  const bool too_many = choices > most;
  return MakeRefusal(
      dialect, 400,
      fmt::format("Invalid 'n': expected an integer {} {}.", too_many ? "<=" : ">=", too_many ? most : 1),
      too_many ? "integer_above_max_value" : "integer_below_min_value");
}

std::optional<HttpAnswer> RefuseType(Dialect dialect, const char* parameter, const char* expected,
                                     const std::string& given) {
  if (given.empty()) return std::nullopt;
  return MakeRefusal(
      dialect, 400,
      fmt::format("Invalid type for '{}': expected {}, but got {} instead.", parameter, expected, given),
      "invalid_type", parameter);
}

std::optional<HttpAnswer> RefuseTypes(Dialect dialect, const ChatRequest& chat) {
  auto refusal = RefuseType(dialect, "messages", "an array of objects", chat.wrong_messages);
  return refusal ? refusal : RefuseType(dialect, "stream", "a boolean", chat.wrong_stream);
}

HttpAnswer ChatAnswer(const Provider& provider, const ChatRequest& chat, const AnswerIdentity& identity,
                      const Reply& reply) {
  if (!chat.is_json) {
    return MakeRefusal(
        provider.dialect, 400,
        "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.", "");
  }
  if (chat.model.empty()) return MakeRefusal(provider.dialect, 400, "you must provide a model parameter", "");
  if (auto refusal = RefuseTypes(provider.dialect, chat)) return *std::move(refusal);
  if (!chat.has_messages) {
    return MakeRefusal(provider.dialect, 400, "Missing required parameter: 'messages'.",
                       "missing_required_parameter");
  }
  if (auto refusal = RefuseChoices(provider.dialect, chat.choices, MostChoices(reply)))
    return *std::move(refusal);
  return CompletionAnswer(provider, chat, identity, reply);
}

HttpAnswer WrongMethod(const Provider& provider, const HttpRequest& http, const char* allow) {
  HttpAnswer answer =
      MakeRefusal(provider.dialect, 405, fmt::format("Not allowed to {} on {}.", http.method, http.Path()),
                  "method_not_supported");
  answer.SetHeader("allow", allow);
  return answer;
}

HttpAnswer Route(const Provider& provider, const HttpRequest& http, const ChatRequest& chat,
                 const AnswerIdentity& identity, const Reply& reply) {
  const std::string_view path = http.Path();
  if (path.ends_with("/chat/completions")) {
    return http.method == "POST" ? ChatAnswer(provider, chat, identity, reply)
                                 : WrongMethod(provider, http, "POST");
  }
  if (path.ends_with(kModelsPath)) {
    return http.method == "GET" ? ModelsAnswer(provider) : WrongMethod(provider, http, "GET");
  }
  const std::size_t models = path.find("/models/");
  if (models != path.npos && http.method == "GET") {
    return ModelAnswer(provider, PercentDecoded(path.substr(models + kModelsPath.size() + 1)));
  }
  return MakeRefusal(provider.dialect, 404,
                     fmt::format("Unknown request URL: {} {}.", http.method, http.Path()), "unknown_url");
}

bool StatesUsage(const Reply& reply) {
  const Usage& usage = reply.usage;
  return !reply.omit_usage && (usage.prompt_tokens || usage.completion_tokens || usage.total_tokens);
}

// Headers of ours give way to the reply's, but not those of the reply to each other.
void AddHeaders(const Reply& reply, HttpAnswer& answer) {
  for (auto header = reply.headers.begin(); header != reply.headers.end(); ++header) {
    const bool repeated = std::any_of(reply.headers.begin(), header, [&](const auto& earlier) {
      return IsSameName(earlier.first, header->first);
    });
    if (repeated) {
      answer.headers.push_back(*header);
    } else {
      answer.SetHeader(header->first, header->second);
    }
  }
}

}  // namespace

std::optional<std::int64_t> StatedTokens(const Provider& provider, const ChatRequest& chat,
                                         const Reply& reply, const HttpAnswer& answer) {
  if (reply.body ? answer.IsStream() : !StatesUsage(reply)) return std::nullopt;
  // A stream says it at its end, and only to who asks for it.
  const auto total = answer.IsStream()
                         ? BodyValueAt(CompletionOf(provider, chat, {}, reply).usage, "/total_tokens")
                         : BodyValueAt(answer.body, "/usage/total_tokens");
  if (!total) return std::nullopt;
  std::int64_t tokens = 0;
  const char* const end = total->data() + total->size();
  const auto [stop, error] = std::from_chars(total->data(), end, tokens);
  if (stop != end || error != std::errc()) return std::nullopt;
  return std::clamp<std::int64_t>(tokens, 0, kMostTokens);
}

HttpAnswer HealthyAnswer(const Provider& provider, const HttpRequest& http, const ChatRequest& chat,
                         const AnswerIdentity& identity, const std::optional<Reply>& reply) {
  HttpAnswer answer;
  if (reply && reply->body) {
    answer = JsonAnswer(*reply->body);
  } else {
    answer = Route(provider, http, chat, identity, reply ? *reply : kMadeUp);
  }
  if (provider.dialect != Dialect::kAnthropic) answer.SetHeader("x-request-id", identity.request_id);
  if (provider.dialect == Dialect::kAnthropic) answer.SetHeader("request-id", identity.request_id);
  if (reply) {
    if (reply->body && IsEventStream(*reply)) {
      answer.frames = SplitEvents(*reply->body);
      answer.body.clear();
    }
    if (reply->status != 200) answer.status = reply->status;
    AddHeaders(*reply, answer);
  }
  return answer;
}

}  // namespace mock_provider
