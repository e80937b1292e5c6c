// The second half of a streaming request: from the provider's head to the end of the stream and the row.
#ifndef ARBSTR_PROXY_CHAT_CHAT_STREAM_H_
#define ARBSTR_PROXY_CHAT_CHAT_STREAM_H_

#include <string>

#include "proxy/chat/chat_handler.h"

namespace arbstr::proxy {

// `first_event` is armed, and fires the call's interrupt with kDeadline.
Task<ChatResult> RelayChatStream(Worker& worker, const ChatCall& call, const ChatRequest& request,
                                 Evidence& evidence, UpstreamExchange& exchange, std::string fields,
                                 uint32_t provider, Deadline& first_event);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_CHAT_STREAM_H_
