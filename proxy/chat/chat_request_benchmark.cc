#include <benchmark/benchmark.h>

#include <string>

#include "proxy/chat/body_splice.h"
#include "proxy/chat/chat_request.h"
#include "proxy/http/message_parser.h"

namespace arbstr::proxy {
namespace {

// The head that OpenAI's Python SDK sends.
const std::string kHead =
    "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept-Encoding: gzip, "
    "deflate\r\nConnection: "
    "keep-alive\r\nAccept: application/json\r\nContent-Type: application/json\r\nUser-Agent: OpenAI/Python "
    "1.51.0\r\nX-Stainless-Lang: python\r\nX-Stainless-Package-Version: 1.51.0\r\nX-Stainless-OS: "
    "Linux\r\nX-Stainless-Arch: x64\r\nX-Stainless-Runtime: CPython\r\nX-Stainless-Runtime-Version: "
    "3.11.2\r\nAuthorization: Bearer sk-0123456789abcdef0123456789abcdef\r\nX-Stainless-Async: "
    "false\r\nx-stainless-retry-count: 0\r\nContent-Length: 1000\r\n\r\n";

// A conversation whose texts are `bytes` long in all.
BodyBuffer Conversation(size_t bytes) {
  std::string text =
      R"({"model":"gpt-4o","temperature":0.7,"messages":[{"role":"system","content":"Be brief."})";
  for (size_t left = bytes; left > 0;) {
    const size_t size = std::min<size_t>(left, 1000);
    text += R"(,{"role":"user","content":")" + std::string(size, 'x') + "\"}";
    left -= size;
  }
  text += R"(],"stream":true})";
  BodyBuffer body(text.size());
  body.Append(text);
  return body;
}

void BM_ReadHead(benchmark::State& state) {
  for (auto _ : state) {
    RequestParser parser(65536);
    benchmark::DoNotOptimize(parser.PutHead(kHead));
  }
}
BENCHMARK(BM_ReadHead);

void BM_ReadChatRequest(benchmark::State& state) {
  const BodyBuffer body = Conversation(static_cast<size_t>(state.range(0)));
  simdjson::dom::parser parser;
  for (auto _ : state) benchmark::DoNotOptimize(ReadChatRequest(body, parser));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(body.size()));
}
BENCHMARK(BM_ReadChatRequest)->Arg(100)->Arg(10'000)->Arg(1'000'000);

// A megabyte of what is dear to read: why large bodies are read off the event loops.
void BM_ReadDearChatRequest(benchmark::State& state, const std::string& item) {
  std::string text = R"({"model":"gpt-4o","messages":[1],"x":[)";
  while (text.size() < 1'000'000) text += item + ",";
  text += "1]}";
  BodyBuffer body(text.size());
  body.Append(text);
  simdjson::dom::parser parser;
  for (auto _ : state) benchmark::DoNotOptimize(ReadChatRequest(body, parser));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(body.size()));
}
BENCHMARK_CAPTURE(BM_ReadDearChatRequest, numbers, "1");
BENCHMARK_CAPTURE(BM_ReadDearChatRequest, long_numbers, "0.1234567890123456789");
BENCHMARK_CAPTURE(BM_ReadDearChatRequest, objects, "{}");
BENCHMARK_CAPTURE(BM_ReadDearChatRequest, strings, R"("")");

void BM_ReadHeadAndChatRequest(benchmark::State& state) {
  const BodyBuffer body = Conversation(1000);
  simdjson::dom::parser json;
  for (auto _ : state) {
    RequestParser parser(65536);
    benchmark::DoNotOptimize(parser.PutHead(kHead));
    benchmark::DoNotOptimize(ReadChatRequest(body, json));
  }
}
BENCHMARK(BM_ReadHeadAndChatRequest);

void BM_SpliceBody(benchmark::State& state) {
  const BodyBuffer body = Conversation(static_cast<size_t>(state.range(0)));
  const std::string model = "openai/gpt-4o";
  std::string replacements;
  for (auto _ : state) benchmark::DoNotOptimize(SpliceBody(body, {&model, true}, replacements));
}
BENCHMARK(BM_SpliceBody)->Arg(1000)->Arg(1'000'000);

}  // namespace
}  // namespace arbstr::proxy
