#include "proxy/chat/read_chat_request.h"

#include <simdjson.h>

#include "proxy/net/run_elsewhere.h"

namespace arbstr::proxy {

Task<> ReadLargeChatRequest(Worker& worker, const BodyBuffer& body, bool keep_text,
                            std::variant<ChatRequest, ApiError>& read) {
  return RunElsewhere(worker.gateway.body_reader, [&body, keep_text, &read] {
    simdjson::dom::parser parser;
    read = ReadChatRequest(body, parser, keep_text);
    if (auto* const request = std::get_if<ChatRequest>(&read)) request->places = FindPlaces(body);
  });
}

}  // namespace arbstr::proxy
