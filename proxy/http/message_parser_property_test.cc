// Random messages, good and broken, each fed whole, byte by byte and in random pieces: how bytes arrive must
// not change what they say. ARBSTR_SEED=N repeats a run.

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

#include "proxy/http/testing_feed.h"
#include "tools/testing/random_seed.h"

namespace arbstr::proxy {
namespace {

constexpr int kMessages = 4'000;
constexpr size_t kHeadLimit = 1 << 16;  // no message here reaches it
constexpr size_t kBodyLimit = 64;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  size_t Below(size_t bound) { return engine_() % bound; }
  bool OneIn(size_t n) { return Below(n) == 0; }
  template <size_t kCount>
  std::string Of(const char* const (&choices)[kCount]) {
    return choices[Below(kCount)];
  }

  std::string Message(bool request) {
    std::string text = request
                           ? Of({"GET", "POST", "PUT", "X"}) + " " + Of({"/", "/v1?a=b", "*", "http://h/x"}) +
                                 Of({" HTTP/1.1", " HTTP/1.0"}) + "\r\nHost: h"
                           : Of({"HTTP/1.1", "HTTP/1.0"}) + Of({" 200", " 204", " 500", " 103"}) + " R";
    text += "\r\n";
    for (size_t fields = Below(4); fields > 0; --fields) {
      text += Of({"A", "Content-Type", "Connection", "X-Y"}) + ":" + Of({"", " ", "  \t"}) +
              Of({"", "close", "a, b", "keep-alive", "x\r\n y"}) + "\r\n";
    }
    std::string body;
    for (size_t length = Below(80); length > 0; --length) body.push_back(static_cast<char>(Below(256)));
    if (OneIn(3)) return text + "\r\n" + body;
    if (OneIn(2))
      return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body + Of({"", "GET"});
    text += "Transfer-Encoding: chunked\r\n\r\n";
    while (!body.empty()) {
      const size_t size = 1 + Below(body.size());
      char hex[20];
      std::snprintf(hex, sizeof hex, OneIn(3) ? "%04zX" : "%zx", size);
      text += hex + Of({"", ";a", ";a=b", ";a=\"\\\"\""}) + "\r\n" + body.substr(0, size) + "\r\n";
      body.erase(0, size);
    }
    return text + Of({"0", "000"}) + "\r\n" + Of({"", "T: r\r\n", "T: r\r\n s\r\nU:\r\n"}) + "\r\n" +
           Of({"", "GET"});
  }

  void Break(std::string& text) {
    for (size_t faults = 1 + Below(3); faults > 0 && !text.empty(); --faults) {
      const size_t at = Below(text.size());
      switch (Below(4)) {
        case 0:
          text[at] = OneIn(2) ? "\r\n:; 0\t\"\0,"[Below(10)] : static_cast<char>(Below(256));
          break;
        case 1:
          text.erase(at, 1 + Below(3));
          break;
        case 2:
          text.insert(at, text.substr(Below(text.size()), 1 + Below(20)));
          break;
        case 3:
          text.resize(at);
          break;
      }
    }
  }

 private:
  std::mt19937_64 engine_;
};

template <bool kRequest>
void CheckPieces(std::uint64_t seed) {
  Chance chance(seed);
  int done = 0, bad = 0;
  for (int i = 0; i < kMessages; ++i) {
    std::string message = chance.Message(kRequest);
    if (!chance.OneIn(3)) chance.Break(message);
    const auto feed = [&](auto piece) {
      return Feed<kRequest>(message, piece, kHeadLimit, kBodyLimit, /*ends=*/true);
    };
    const Fed whole = feed([](size_t left) { return left; });
    const Fed bytewise = feed([](size_t) { return 1; });
    const Fed pieces = feed([&](size_t left) { return 1 + chance.Below(left); });
    for (const Fed& other : {bytewise, pieces}) {
      ASSERT_EQ(whole.status, other.status) << "message " << i << ": " << testing::PrintToString(message);
      ASSERT_EQ(whole.error, other.error) << "message " << i << ": " << testing::PrintToString(message);
      if (whole.status == ParseStatus::kDone) {
        ASSERT_TRUE(whole == other) << "message " << i << ": " << testing::PrintToString(message);
      }
    }
    (whole.status == ParseStatus::kDone ? done : bad) += 1;
  }
  EXPECT_GT(done, kMessages / 10);  // or the generator makes nothing worth a test
  EXPECT_GT(bad, kMessages / 10);
}

TEST(MessageParserPropertyTest, HowARequestArrivesDoesNotChangeIt) {
  CheckPieces<true>(testing_tools::RandomSeed());
}
TEST(MessageParserPropertyTest, HowAResponseArrivesDoesNotChangeIt) {
  CheckPieces<false>(testing_tools::RandomSeed());
}

}  // namespace
}  // namespace arbstr::proxy
