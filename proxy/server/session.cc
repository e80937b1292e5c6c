#include "proxy/server/session.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>

#include "proxy/dashboard/dashboard_response.h"
#include "proxy/http/ascii.h"
#include "proxy/http/cors.h"
#include "proxy/http/cut_status.h"
#include "proxy/log_line.h"
#include "proxy/net/server_tls.h"
#include "proxy/server/admin_routes.h"
#include "proxy/server/authorization.h"
#include "proxy/server/log_routes.h"
#include "proxy/server/logged_failure.h"
#include "proxy/server/metrics_route.h"
#include "proxy/server/refusals.h"
#include "proxy/server/request_intake.h"
#include "proxy/server/route.h"
#include "proxy/server/uuid7.h"

namespace arbstr::proxy {
namespace {

// What may be read ahead beside a head of the largest size: of a body, or of the next request.
constexpr size_t kReadAheadBytes = 8192;
constexpr std::chrono::seconds kFirstRequestTime{1};

bool IsJson(const RequestParser& head) {
  const auto type = head.Header("content-type");
  if (!type || head.HeaderCount("content-type") != 1) return false;
  std::string_view media = type->substr(0, type->find(';'));
  media = media.substr(0, media.find_last_not_of(" \t") + 1);
  return EqualsIgnoringCase(media, "application/json");
}

Task<> NothingToAwait() { co_return; }

}  // namespace

Session::Session(Worker& worker, ByteStream stream)
    : worker_(worker),
      client_(std::make_shared<ClientConnection>(
          std::move(stream), worker.wheel, worker.gateway.config.server.max_header_bytes + kReadAheadBytes,
          worker.gateway.config.server.idle_timeout)),
      interrupt_(std::make_unique<Interrupt>()),
      waiting_(worker.setup->shared->tls == nullptr),
      draining_(worker.gateway.draining.load()) {
  worker_.sessions.insert(this);
  worker_.gateway.connections.fetch_add(1);
}

Session::~Session() {
  client_->Close();  // where an exception has ended it: its client would wait for ever
  worker_.sessions.erase(this);
  worker_.gateway.connections.fetch_sub(1);
}

void Session::Start() {
  Spawn(worker_.loop.get_executor(), Run(shared_from_this()), interrupt_->slot(),
        LoggedFailure("a connection"));
}

void Session::Drain() {
  draining_ = true;
  if (waiting_ && !client_->HasUnread()) client_->CloseIdle();
}

void Session::Abort() { interrupt_->Fire(InterruptReason::kShutdown); }

Task<> Session::Run(std::shared_ptr<Session> self) {
  bool more = self->worker_.setup->shared->tls == nullptr || co_await self->Secure();
  while (more) {
    more = co_await self->ServeOne();
    // Who sends many requests at once takes turns with the others of the loop.
    if (more && !self->client_->input().empty()) {
      co_await asio::post(self->worker_.loop.get_executor(), kUseTask);
      if (self->interrupt_->fired()) break;
    }
  }
  if (!self->cut_) co_await self->client_->EndTls();
  self->client_->Close();
}

Task<bool> Session::Secure() {
  const ServerConfig& limits = worker_.gateway.config.server;
  const auto tls = worker_.setup->shared->tls;
  const ErrorCode error = co_await client_->Handshake(*tls, worker_.clock.Now() + limits.header_timeout);
  // Where the gateway drains, its client has come for this one request.
  if (!error && draining_) co_await client_->Fill(worker_.clock.Now() + kFirstRequestTime);
  if (!error) co_return true;
  spdlog::debug("a TLS handshake failed: {}", error.message());
  if (IsPlainHttp(error)) {
    client_->StopTls();
    request_id_ = MakeUuid7(worker_.clock.TimeOfDay(), worker_.random());
    Response response = PlainHttp();
    co_await Send(nullptr, response, true);
    co_await client_->HalfCloseAndDrain();
  }
  co_return false;
}

// One request and its answer. False: the connection is at its end.
Task<bool> Session::ServeOne() {
  const ServerConfig& limits = worker_.gateway.config.server;
  RequestParser head(limits.max_header_bytes);
  // An empty line behind a body (old clients send one) is no beginning of a request.
  client_->SkipEmptyLines();
  waiting_ = client_->input().empty();
  const IntakeResult intake = co_await ReadRequestHead(*client_, limits, head, waiting_, draining_);
  waiting_ = false;
  if (intake.gone) co_return false;
  route_ = kUnknownRoute;
  logged_ = false;
  request_id_ = MakeUuid7(worker_.clock.TimeOfDay(), worker_.random());
  Reply reply;
  if (intake.error) {
    Refuse(reply, ErrorResponse(*intake.error), true);
  } else {
    co_await Answer(head, reply);
  }
  cut_ = reply.cut;
  const bool close = reply.close || reply.body_unread || draining_ || !head.keep_alive();
  if (reply.response && !co_await Send(&head, *reply.response, close)) co_return false;
  if (close && (reply.body_unread || client_->HasUnread())) co_await client_->HalfCloseAndDrain(cut_);
  co_return !close;
}

void Session::Refuse(Reply& reply, Response response, bool body_unread) {
  reply.response = std::move(response);
  reply.body_unread = body_unread;
}

Task<> Session::Answer(RequestParser& head, Reply& reply) {
  const ServerConfig& limits = worker_.gateway.config.server;
  const RouteMatch route = MatchRoute(head.method(), head.target());
  route_ = route.label;
  if (auto response = RefuseByHead(head, route)) {
    Refuse(reply, *std::move(response), HasBody(head));
    co_return;
  }
  BodyBuffer body(limits.max_body_bytes);
  const IntakeResult intake = co_await ReadRequestBody(*client_, limits, head, body);
  if (intake.gone) {
    reply.close = true;
  } else if (intake.error) {
    Refuse(reply, ErrorResponse(*intake.error), HasBody(head));
  } else {
    co_await AnswerWhole(head, route, body, reply);
  }
}

std::optional<Response> Session::RefuseByHead(const RequestParser& head, const RouteMatch& route) {
  const ServerConfig& limits = worker_.gateway.config.server;
  // Before the token is asked for: no browser sends one with its question.
  if (auto preflight = AnswerPreflight(limits.cors_origins, head)) return preflight;
  if (limits.auth_token && !route.open) {
    if (auto response = RefuseUnauthorized(head)) return response;
  }
  if (route.limited && worker_.gateway.rate_limit.limited()) {
    const auto wait = worker_.gateway.rate_limit.Take(worker_.clock.Now());
    if (wait) return RateLimited(limits.rate_limit_rps, *wait);
  }
  if (route.id == RouteId::kNotFound) return NotFound();
  if (route.id == RouteId::kMethodNotAllowed) return MethodNotAllowed(head.method(), route.allowed);
  const bool needs_body = route.id == RouteId::kChat || route.id == RouteId::kCost;
  if (needs_body && HasBody(head) && !IsJson(head)) return UnsupportedMediaType();
  if (const auto error = CheckBodyHead(head, limits, needs_body)) return ErrorResponse(*error);
  return std::nullopt;
}

// The whole request has arrived. No coroutine itself: what waits for a provider has one frame less.
Task<> Session::AnswerWhole(RequestParser& head, const RouteMatch& route, const BodyBuffer& body,
                            Reply& reply) {
  switch (route.id) {
    case RouteId::kChat:
      return AnswerChat(head, body, reply);
    case RouteId::kRequests:
      return Awaited(AnswerRequests(worker_, *client_, *interrupt_, head.target()), reply);
    case RouteId::kStats:
      return Awaited(AnswerStats(worker_, *client_, *interrupt_, head.target()), reply);
    case RouteId::kMetrics:
      return Awaited(AnswerMetrics(worker_, *client_, *interrupt_), reply);
    case RouteId::kCost:
      return Awaited(AnswerCost(worker_, head, body), reply);
    case RouteId::kModels:
      reply.response = ModelsResponse(worker_);
      break;
    case RouteId::kModel:
      reply.response = ModelResponse(worker_, route.parameter);
      break;
    case RouteId::kHealth:
      reply.response = HealthResponse(worker_);
      break;
    case RouteId::kProviders:
      reply.response = ProvidersResponse(worker_);
      break;
    case RouteId::kDashboard:
      reply.response = DashboardResponse(route.parameter, head.Header("if-none-match"));
      break;
    case RouteId::kNotFound:
    case RouteId::kMethodNotAllowed:
      reply.close = true;
  }
  return NothingToAwait();
}

Task<> Session::AnswerChat(const RequestParser& head, const BodyBuffer& body, Reply& reply) {
  const std::shared_ptr<LoopSetup> setup = worker_.setup;
  const ChatCall call{*setup,
                      head,
                      body,
                      *client_,
                      *interrupt_,
                      request_id_,
                      worker_.clock.TimeOfDay(),
                      worker_.clock.Now(),
                      worker_.gateway.draining.load()};
  co_await HandleChat(worker_, call, reply);
  interrupt_->ForgetRequest();
  logged_ = reply.has_row;
  if (!reply.has_row && !reply.response) {  // its client left while there was no room for its row
    CountAndLog(&head, kClientGoneStatus);
  }
}

Task<> Session::Awaited(Task<std::optional<Response>> answer, Reply& reply) {
  reply.response = co_await std::move(answer);
  interrupt_->ForgetRequest();
  reply.close = !reply.response;
}

std::optional<Response> Session::RefuseUnauthorized(const RequestParser& head) const {
  const auto given = head.Header("authorization");
  if (given && head.HeaderCount("authorization") == 1 &&
      IsAuthorized(*given, *worker_.gateway.config.server.auth_token)) {
    return std::nullopt;
  }
  return Unauthorized();
}

// Chat refusals are logged at info like served requests; other routes at debug.
void Session::CountAndLog(const RequestParser* head, int status, std::string_view error_code) {
  worker_.metrics.responses.At({route_, status}).Add();
  const auto level = route_ == kChatRoute ? spdlog::level::info : spdlog::level::debug;
  if (logged_ || !spdlog::should_log(level)) return;
  LogLine line(worker_.gateway.config.logging.format, "request");
  line.Add("id", request_id_);
  if (head != nullptr) line.Add("method", head->method());
  line.Add("route", route_).Add("status", int64_t{status});
  if (!error_code.empty()) line.Add("code", error_code);
  spdlog::log(level, "{}", line.text());
}

Task<bool> Session::Send(const RequestParser* head, Response& response, bool close) {
  if (head != nullptr && head->error() != ParseError::kNone) head = nullptr;  // none that can be read
  CountAndLog(head, response.status, response.error_code);
  const bool head_only = head != nullptr && head->method() == "HEAD";
  if (head != nullptr) {
    response.fields += CorsFields(worker_.gateway.config.server.cors_origins, *head, response.fields);
  }
  const std::string_view body = response.body_view();
  // A client of HTTP/1.0 that asked for it waits for the connection's end unless it is told (RFC 2068
  // §19.7.1).
  if (!close && head != nullptr && head->http_1_0()) AddField(response.fields, "connection", "keep-alive");
  const std::string text =
      FormatHead(response.status, response.fields, request_id_, Framing::kContentLength, body.size(), close);
  std::array<asio::const_buffer, 2> buffers = {asio::buffer(text),
                                               asio::const_buffer(body.data(), body.size())};
  const std::span<asio::const_buffer> all(buffers);
  const ErrorCode error = co_await client_->Write(head_only ? all.first(1) : all);
  co_return !error;
}

}  // namespace arbstr::proxy
