// The second half of a streaming request: from the provider's head to the end of the stream and the row.
#ifndef ARBSTR_PROXY_CHAT_CHAT_STREAM_H_
#define ARBSTR_PROXY_CHAT_CHAT_STREAM_H_

#include "proxy/chat/ask_providers.h"
#include "proxy/chat/body_log.h"
#include "proxy/chat/chat_handler.h"

namespace arbstr::proxy {

// Of a request whose last attempt was answered with an event stream. `first_event` is armed, and fires the
// call's interrupt with kDeadline. `bodies`: the request's.
Task<> RelayChatStream(Dispatch& dispatch, const BodyLog& bodies, Deadline& first_event, ChatResult& result);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_CHAT_STREAM_H_
