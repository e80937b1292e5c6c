#include "proxy/chat/mask_secrets.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

TEST(MaskSecretTest, EveryOccurrenceIsMasked) {
  const std::string key = "sk-0123456789abcdef";
  EXPECT_EQ(MaskSecret("a " + key + " b " + key + key, key), "a sk-01… b sk-01…sk-01…");
  EXPECT_EQ(MaskSecret("sk-sk-0123456789abcdef", key), "sk-sk-01…");
  EXPECT_EQ(MaskSecret("sk-0123456789abcde", key), "sk-0123456789abcde");
  EXPECT_EQ(MaskSecret("nothing", key), "nothing");
  EXPECT_EQ(MaskSecret("", key), "");
  EXPECT_EQ(MaskSecret("anything", ""), "anything");
}

TEST(MaskSecretTest, AKeyIsFoundThroughJsonsEscapes) {
  const std::string key = "ab/cd\"ef\\gh+ijklmn";
  EXPECT_EQ(MaskSecret(R"({"k":"ab\/cd\"ef\\gh+ijklmn"})", key), R"({"k":"ab/cd…"})");
  EXPECT_EQ(MaskSecret(R"({"k":"\u0061b\u002Fcd\u0022ef\u005cgh\u002bijklm\u006e"})", key),
            R"({"k":"ab/cd…"})");
  EXPECT_EQ(MaskSecret(key, key), "ab/cd…");
  for (const char* text : {R"(\u0061b\u002Fcd)", R"(\\u0061b/cd)", R"(\u00e1)", R"(\u00)", R"(ab\)", "\\"}) {
    EXPECT_EQ(MaskSecret(text, key), text);
  }
}

TEST(MaskSecretTest, AKeyThatLooksEscapedIsFoundAsItIs) {
  for (const std::string key : {R"(\\host\user)", R"(a\"b\/c)", R"(pass\u0041word)"}) {
    EXPECT_EQ(MaskSecret("key=" + key + ";", key), "key=" + MaskSecret(key, key) + ";") << key;
    EXPECT_EQ(MaskSecret(key, key).find(key.substr(key.size() / 2)), std::string::npos) << key;
  }
}

TEST(MaskedExcerptTest, NoPartOfAKeyIsLeftAtTheEnd) {
  const std::string key = "sk-" + std::string(40, 'K');
  for (size_t before = 0; before < 300; ++before) {
    for (const size_t behind : {size_t{0}, size_t{1}, size_t{500}}) {
      const std::string text = std::string(before, 'x') + key + std::string(behind, 'y');
      const std::string excerpt = MaskedExcerpt(text, {key});
      EXPECT_LE(excerpt.size(), 200u);
      EXPECT_EQ(excerpt.find("KKK"), std::string::npos) << before << " " << behind;
      if (before < 190) {
        EXPECT_NE(excerpt.find(std::string(before, 'x') + "sk-KK…"), std::string::npos) << before;
      }
    }
  }
  std::string keys;
  while (keys.size() < 5000) keys += key + "\n";
  EXPECT_EQ(MaskedExcerpt(keys, {key}).find("KKK"), std::string::npos);
}

TEST(MaskedExcerptTest, EverySecretOfAProviderIsMasked) {
  const std::vector<std::string> secrets = {"Bearer first-secret", "second-secret", "first-secret"};
  EXPECT_EQ(MaskedExcerpt("Bearer first-secret, first-secret, second-secret", secrets),
            "Beare…, firs…, seco…");
}

TEST(MaskedExcerptTest, ControlCharactersDoNotHideAKey) {
  EXPECT_EQ(MaskedExcerpt("Bad key sk-0123\n456789abcdef!", {"sk-0123456789abcdef"}), "Bad key sk-01…!");
  EXPECT_EQ(MaskedExcerpt(std::string(300, 'x'), {}), std::string(200, 'x'));
  EXPECT_EQ(MaskedExcerpt(std::string(1000, 'x'), {"sk-0123456789abcdef"}).size(), 200u);
}

}  // namespace
}  // namespace arbstr::proxy
