#include "proxy/chat/read_chat_request.h"

#include <algorithm>
#include <utility>

#include "proxy/chat/attempt.h"
#include "proxy/net/run_elsewhere.h"

namespace arbstr::proxy {
namespace {

bool MayBeChanged(const Setup& setup, const ChatRequest& request) {
  return std::ranges::any_of(setup.upstreams, [&](const auto& upstream) {
    const BodyChanges changes = ChangesFor(upstream->config, request);
    return changes.model != nullptr || changes.include_usage;
  });
}

}  // namespace

Task<> ReadElsewhere(Worker& worker, std::function<void(simdjson::dom::parser&)> read) {
  return RunElsewhere(worker.gateway.body_reader, [read = std::move(read)] {
    thread_local simdjson::dom::parser parser;
    read(parser);
  });
}

Task<> ReadLargeChatRequest(Worker& worker, const ChatCall& call, std::variant<ChatRequest, ApiError>& read) {
  return ReadElsewhere(worker, [&call, &read](simdjson::dom::parser& parser) {
    read = ReadChatRequest(call.body, parser, call.setup().router.ReadsPrompt());
    auto* const request = std::get_if<ChatRequest>(&read);
    if (request != nullptr && MayBeChanged(call.setup(), *request)) request->places = FindPlaces(call.body);
  });
}

}  // namespace arbstr::proxy
