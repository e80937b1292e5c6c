#include "proxy/chat/logged_body.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

const std::string kKey = "sk-a-long-secret-key";
const std::string kToken = "token-of-the-gateway";

std::vector<std::string> Secrets() { return SortedSecrets({kKey, "", kKey + "-which-is-longer", kToken}); }

TEST(LoggedBodyTest, SecretsAreThoseThatThereAreTheLongestFirst) {
  EXPECT_EQ(Secrets().front(), kKey + "-which-is-longer");
  EXPECT_EQ(Secrets().size(), 3u);
  EXPECT_TRUE(SortedSecrets({"", ""}).empty());
}

TEST(LoggedBodyTest, AShortBodyIsThereWholeButForItsSecrets) {
  const auto secrets = Secrets();
  EXPECT_EQ(LoggedBody("{\"a\":\"b\"}\n", secrets), "{\"a\":\"b\"}\n");
  EXPECT_EQ(LoggedBody("say " + kKey + " and " + kToken + "!", secrets), "say sk-a-… and token…!");
  EXPECT_EQ(LoggedBody(kKey + "-which-is-longer", secrets), "sk-a-…");
}

TEST(LoggedBodyTest, OfALongBodyTheBeginningIsLogged) {
  const std::string body(kLoggedBodyBytes * 3, 'x');
  EXPECT_EQ(LoggedBody(body, {}), body.substr(0, kLoggedBodyBytes));
  EXPECT_EQ(LoggedBody(body.substr(0, kLoggedBodyBytes), {}).size(), kLoggedBodyBytes);
}

// Wherever a secret lies across the bound, and however many before it have made the text shorter.
TEST(LoggedBodyTest, NoPartOfASecretIsLeftAtTheBound) {
  const auto secrets = Secrets();
  const std::size_t longest = secrets.front().size();
  for (const int before : {0, 1, 40, 200}) {
    std::string start;
    for (int i = 0; i < before; ++i) start += kKey;
    for (std::size_t at = kLoggedBodyBytes - 2 * longest; at < LoggedBodyWindow(secrets) + longest; ++at) {
      std::string body = start;
      if (body.size() > at) continue;
      body.resize(at, '.');
      body += kKey + std::string(10'000, '.');
      const std::string logged = LoggedBody(body, secrets);
      EXPECT_LE(logged.size(), kLoggedBodyBytes);
      // More of it than the mask shows.
      EXPECT_EQ(logged.find(kKey.substr(0, 6)), std::string::npos) << before << " before, at " << at;
    }
  }
}

}  // namespace
}  // namespace arbstr::proxy
