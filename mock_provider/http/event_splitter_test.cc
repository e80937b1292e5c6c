#include "mock_provider/http/event_splitter.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

using Events = std::vector<std::string>;

TEST(EventSplitter, EventsComeWholeWhereverThePiecesAreCut) {
  const std::string body = "data: one\n\n: note\n\nevent: x\ndata: two\r\n\r\ndata: three\n\n";
  const Events whole = {"data: one\n\n", ": note\n\n", "event: x\ndata: two\r\n\r\n", "data: three\n\n"};
  for (std::size_t size = 1; size <= body.size(); ++size) {
    EventSplitter splitter;
    Events events;
    for (std::size_t at = 0; at < body.size(); at += size) {
      for (std::string& event : splitter.Add(std::string_view(body).substr(at, size)))
        events.push_back(std::move(event));
    }
    EXPECT_EQ(events, whole) << size;
    EXPECT_EQ(splitter.TakeRest(), "");
  }
}

TEST(EventSplitter, WhatIsCutOffStaysAsTheRest) {
  EventSplitter splitter;
  EXPECT_EQ(splitter.Add("data: one\n\ndata: tw"), (Events{"data: one\n\n"}));
  EXPECT_EQ(splitter.TakeRest(), "data: tw");
  EXPECT_EQ(SplitEvents("data: one\n\ndata: tw"), (Events{"data: one\n\n", "data: tw"}));
}

TEST(EventSplitter, AnEventWithoutEndIsHandedOnInParts) {
  EventSplitter splitter(8);
  EXPECT_EQ(splitter.Add("12345678abc"), (Events{"12345678"}));
  EXPECT_EQ(splitter.TakeRest(), "abc");
}

}  // namespace
}  // namespace mock_provider
