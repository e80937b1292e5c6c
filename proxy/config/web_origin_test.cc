#include "proxy/config/web_origin.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(WebOriginTest, IsWhatBrowsersSend) {
  for (const char* text :
       {"https://app.example.com", "http://localhost", "http://localhost:3000", "https://127.0.0.1:8443",
        "http://[::1]:5173", "http://[::1]", "https://xn--nxasmq6b.example", "tauri://localhost",
        "app://obsidian.md", "chrome-extension://abcdefghijklmnop", "http://a:443", "https://a:80"}) {
    EXPECT_TRUE(IsWebOrigin(text)) << text;
  }
}

TEST(WebOriginTest, IsNothingThatNoBrowserSends) {
  for (const char* text : {"",
                           "*",
                           "null",
                           "app.example.com",
                           "https://",
                           "://a",
                           "https://app.example.com/",
                           "https://app.example.com/chat",
                           "https://App.example.com",
                           "HTTPS://app.example.com",
                           "https://*.example.com",
                           "https://app.example.com:443",
                           "http://a:80",
                           "http://a:",
                           "http://a:0",
                           "http://a:x",
                           "http://a:70000",
                           "http://a:080",
                           "http://a?x",
                           "http://a#x",
                           "http://u@a",
                           "http://a b",
                           "http://a,http://b",
                           "http://[",
                           "http://[::1",
                           "http://[]",
                           "http://ä.example",
                           "http://a\r\nx: y",
                           "1http://a"}) {
    EXPECT_FALSE(IsWebOrigin(text)) << text;
  }
}

}  // namespace
}  // namespace arbstr::proxy
