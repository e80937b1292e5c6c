#include "integration_tests/chaos_load.h"

#include <optional>
#include <thread>

#include "integration_tests/http_client.h"

namespace integration_tests {
namespace {

std::string Body(const std::string& model, bool streaming) {
  return R"({"model":")" + model + R"(","messages":[{"role":"user","content":"Hello there"}])" +
         (streaming ? R"(,"stream":true})" : "}");
}

}  // namespace

// One thread's. A client that leaves closes without a reset where it has read nothing: the request before it
// then still arrives whole, so that it is known whether there must be a row.
class ChaosLoad::Client {
 public:
  Client(ChaosLoad& load, unsigned seed) : load_(load), random_(seed) {}

  void Run(std::size_t requests) {
    for (std::size_t i = 0; i < requests; ++i) {
      if (!connection_) connection_.emplace(load_.port_);
      if (!connection_->connected()) return;
      if (!MakeOne()) connection_.reset();
    }
  }
  ChaosSeen& seen() { return seen_; }

 private:
  enum class Kind { kPlain, kStream, kUnreadable, kHang, kUnlisted, kNoCandidate, kLeave, kLeaveStream };

  Kind Draw() {
    const unsigned kind = random_() % 100;
    if (kind < 45) return Kind::kPlain;
    if (kind < 75) return Kind::kStream;
    if (kind < 80) return Kind::kUnreadable;
    if (kind < 81) return Kind::kHang;
    if (kind < 88) return Kind::kUnlisted;
    if (kind < 92) return Kind::kNoCandidate;
    return kind < 96 ? Kind::kLeave : Kind::kLeaveStream;
  }

  // False: the connection is of no more use.
  bool MakeOne() {
    const Kind kind = Draw();
    const bool streaming = kind == Kind::kStream || kind == Kind::kLeaveStream;
    const std::string body = kind == Kind::kUnreadable ? R"({"model":"gpt-4o"})"
                             : kind == Kind::kHang     ? Body("hang", false)
                             : kind == Kind::kUnlisted ? Body("made-up-" + std::to_string(random_()), false)
                                                       : Body("gpt-4o", streaming);
    const Fields fields = kind == Kind::kNoCandidate ? Fields{{"X-Arbstr-Policy", "no-such"}} : Fields{};
    const bool sent = connection_->Send(ChatRequest(body, fields));
    if (!sent) return false;
    (kind == Kind::kUnreadable ? seen_.unreadable : seen_.readable) += 1;
    if (kind == Kind::kLeave) {
      connection_->Close();
      ++seen_.left;
      return false;
    }
    if (kind == Kind::kLeaveStream) {
      connection_->ReadUntil("\r\n\r\n");  // an error, or the head of a stream that goes on
      connection_->Reset();
      ++seen_.left;
      return false;
    }
    return Read(kind, streaming);
  }

  bool Read(Kind kind, bool streaming) {
    const Response response = connection_->ReadResponse();
    if (response.status == 0) {
      if (kind != Kind::kUnreadable) ++seen_.unanswered;
      return false;
    }
    ++load_.answered_;
    ++seen_.responses[response.status];
    if (kind != Kind::kUnreadable) {
      seen_.answers[response.Header("x-arbstr-request-id")] = {response.status, streaming, response.complete,
                                                               response.Header("x-arbstr-provider"),
                                                               response.Header("x-arbstr-retries")};
    }
    return response.complete && response.Header("connection") != "close";
  }

  ChaosLoad& load_;
  std::mt19937 random_;
  std::optional<HttpClient> connection_;
  ChaosSeen seen_;
};

ChaosLoad::ChaosLoad(std::uint16_t port, unsigned seed, int clients, std::size_t requests)
    : port_(port), seed_(seed), clients_(clients), requests_(requests) {}

ChaosSeen ChaosLoad::Run() {
  std::vector<Client> all;
  for (int c = 0; c < clients_; ++c) all.emplace_back(*this, seed_ + static_cast<unsigned>(c));
  std::vector<std::thread> threads;
  for (Client& client : all) {
    threads.emplace_back([&] { client.Run(requests_ / static_cast<std::size_t>(clients_)); });
  }
  for (auto& thread : threads) thread.join();
  ChaosSeen sum;
  for (Client& client : all) {
    ChaosSeen& seen = client.seen();
    sum.answers.merge(seen.answers);
    for (const auto& [status, count] : seen.responses) sum.responses[status] += count;
    sum.readable += seen.readable;
    sum.unreadable += seen.unreadable;
    sum.left += seen.left;
    sum.unanswered += seen.unanswered;
  }
  return sum;
}

}  // namespace integration_tests
