#include "proxy/server/log_routes.h"

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "proxy/http/api_error.h"
#include "proxy/net/event.h"
#include "proxy/server/log_json.h"
#include "proxy/server/log_parameters.h"
#include "request_log/query_thread.h"

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;
using request_log::LogReader;
using Stopped = std::function<bool()>;

// Makes the whole response, on the query thread.
using Question = std::function<Response(LogReader&, const Stopped&)>;

constexpr std::chrono::seconds kLongestAnswer{10};

Response BusyResponse(std::string message) {
  Response response = ErrorResponse({503, "log_busy", std::move(message), ""});
  AddField(response.fields, "retry-after", "1");
  return response;
}

Response FailureResponse(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kCancelled) {
    return BusyResponse(
        fmt::format("The log did not answer within {} s: ask for a shorter range.", kLongestAnswer.count()));
  }
  return ErrorResponse({503, "log_unavailable",
                        fmt::format("The request log cannot be read: {}", std::string(status.message())),
                        ""});
}

// What the loop and the query thread share of one question.
struct Exchange {
  explicit Exchange(Executor e) : executor(e), event(e) {}
  Executor executor;
  std::atomic<bool> abandoned{false};  // the client's coroutine has gone on without the answer
  // The loop's:
  Event event;
  std::optional<Response> response;
};

void AnswerOnQueryThread(const std::shared_ptr<Exchange>& exchange, const Question& question,
                         LogReader& reader, Clock::time_point give_up) {
  if (exchange->abandoned) return;
  Response response = question(reader, [&] { return exchange->abandoned.load() || Clock::now() >= give_up; });
  asio::post(exchange->executor, [exchange, response = std::move(response)]() mutable {
    exchange->response = std::move(response);
    exchange->event.Notify();
  });
}

struct Watching {
  Watching(ClientConnection& c, Interrupt& interrupt) : client(c) {
    client.Watch([&interrupt] { interrupt.Fire(InterruptReason::kClientGone); });
  }
  ~Watching() { client.Unwatch(); }
  ClientConnection& client;
};

bool Submit(Worker& worker, const std::shared_ptr<Exchange>& exchange, Question question) {
  const auto give_up = Clock::now() + kLongestAnswer;
  return worker.gateway.log_queries->Submit(
      [exchange, question = std::move(question), give_up](LogReader& reader) {
        AnswerOnQueryThread(exchange, question, reader, give_up);
      });
}

Response TooManyResponse() { return BusyResponse("Too many questions wait for the log already: ask again."); }

Task<std::optional<Response>> Ask(Worker& worker, ClientConnection& client, Interrupt& interrupt,
                                  Question question) {
  const Watching watching(client, interrupt);
  auto exchange = std::make_shared<Exchange>(worker.loop.get_executor());
  if (!Submit(worker, exchange, std::move(question))) co_return TooManyResponse();
  while (!exchange->response && !interrupt.fired()) co_await exchange->event.AsyncWait(kUseTask);
  exchange->abandoned = true;
  if (interrupt.fired()) exchange->response.reset();
  co_return std::move(exchange->response);
}

Question QuestionFor(request_log::PageQuery query) {
  return [query = std::move(query)](LogReader& reader, const Stopped& stopped) {
    const auto page = reader.ReadPage(query, stopped);
    return page.ok() ? JsonResponse(200, PageJson(query, *page)) : FailureResponse(page.status());
  };
}

Question QuestionFor(request_log::StatsQuery query) {
  return [query = std::move(query)](LogReader& reader, const Stopped& stopped) {
    const auto stats = reader.ReadStats(query, stopped);
    return stats.ok() ? JsonResponse(200, StatsJson(query, *stats)) : FailureResponse(stats.status());
  };
}

// An answer that is there at once, or what is to be asked.
template <typename Query>
std::variant<Response, Question> Prepare(std::variant<Query, ApiError> read) {
  if (const auto* error = std::get_if<ApiError>(&read)) return ErrorResponse(*error);
  return QuestionFor(std::get<Query>(std::move(read)));
}

Task<std::optional<Response>> AtOnce(Response response) { co_return std::move(response); }

// No coroutine itself, so that no temporary of its lives in one: g++ 12 destroys some of those twice.
Task<std::optional<Response>> AnswerOrAsk(Worker& worker, ClientConnection& client, Interrupt& interrupt,
                                          std::variant<Response, Question> prepared) {
  if (auto* response = std::get_if<Response>(&prepared)) return AtOnce(std::move(*response));
  return Ask(worker, client, interrupt, std::get<Question>(std::move(prepared)));
}

}  // namespace

Task<std::optional<Response>> AnswerRequests(Worker& worker, ClientConnection& client, Interrupt& interrupt,
                                             std::string_view target) {
  return AnswerOrAsk(worker, client, interrupt,
                     Prepare(ReadPageQuery(target, std::chrono::system_clock::now())));
}

Task<std::optional<Response>> AnswerStats(Worker& worker, ClientConnection& client, Interrupt& interrupt,
                                          std::string_view target) {
  return AnswerOrAsk(worker, client, interrupt,
                     Prepare(ReadStatsQuery(target, std::chrono::system_clock::now())));
}

}  // namespace arbstr::proxy
