#include "proxy/server/log_routes.h"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "proxy/http/api_error.h"
#include "proxy/server/background_response.h"
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

Response AnswerTo(const Question& question, LogReader& reader, const Stopped& stopped) {
  try {
    return question(reader, stopped);
  } catch (const std::bad_alloc&) {
    return FailureResponse(absl::ResourceExhaustedError("there is no memory left: ask for a shorter range."));
  }
}

void AnswerOnQueryThread(BackgroundResponse& answer, const Question& question, LogReader& reader,
                         Clock::time_point give_up) {
  if (answer.abandoned()) return;
  answer.Give(AnswerTo(question, reader, [&] { return answer.abandoned() || Clock::now() >= give_up; }));
}

bool Submit(Worker& worker, const std::shared_ptr<BackgroundResponse>& answer, Question question) {
  const auto give_up = Clock::now() + kLongestAnswer;
  return worker.gateway.log_queries->Submit(
      [answer, question = std::move(question), give_up](LogReader& reader) {
        AnswerOnQueryThread(*answer, question, reader, give_up);
      });
}

Response TooManyResponse() { return BusyResponse("Too many questions wait for the log already: ask again."); }

Task<std::optional<Response>> Ask(Worker& worker, ClientConnection& client, Interrupt& interrupt,
                                  Question question) {
  auto answer = std::make_shared<BackgroundResponse>(worker.loop.get_executor());
  if (!Submit(worker, answer, std::move(question))) co_return TooManyResponse();
  co_return co_await BackgroundResponse::Await(answer, client, interrupt);
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
